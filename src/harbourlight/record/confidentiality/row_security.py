"""The rule of who may see, said again in PostgreSQL, so that a forgotten filter shows nothing.

Whatever the web asks runs as the role `harbourlight_app`, which owns nothing. Each table that
hangs on a person has a policy for that role, made here from the models by one rule, and published
after every migration:

- a table that names a person (`child`, `person`, or any other way to one) shows no row of a person
  who is hidden from whoever asks;
- unless it is in `OUTLINE`, it shows a role that reads only related records nothing of others;
- a table that hangs on such a table shows what its parent shows;
- a column `area` shows a walled row only to those who enter that area;
- the history beside a table has the policies of the table;
- a correction shows where the row it corrects does, and a notice where whom it is about does;
- what somebody has typed and not sent, and the forms they have sent, are theirs alone (`OWN`).

Who asks, and the sets this compares with, are settings of the transaction (see `identity`): they
are worked out once a request by `confidentiality_sight`, and read once a query, never once a row.
Without them nothing is seen. It must not hold a rule that `policy` does not explain.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, models

from harbourlight.record.people.models import Person
from harbourlight.server.postgres import APP

OUTLINE = frozenset(
    {
        "people.Person",
        "people.PersonName",
        "people.Identifier",
        "people.FamilyMember",
        "people.Relationship",
        "episodes.Episode",
        "episodes.Allocation",
        "live_ledger.Entry",
        "confidentiality.Restriction",
        "confidentiality.Grant",
        "confidentiality.Opening",
    }
)
"""What a role that reads only related records sees of everybody: who they are, their family, who
works with them, and how standards are met."""

OWN = {
    "drafts.Draft": "owner_id",
    "submissions.Submission": "by_id",
    "census.CheckedFile": "by_id",
}
"""Tables of what is one person's alone, and the column that says whose."""

SUBJECTS = {
    "person_id": "people.Person",
    "opening_id": "confidentiality.Opening",
    "proposal_id": "matching.Proposal",
    "merger_id": "matching.Merger",
    "account_id": "accounts.User",
    "file_id": "census.CheckedFile",
}
"""What a notice may be about, by the identifier it holds, and the table that says who may know."""

APPEND_ONLY = ("history_event", "history_correction")
"""Tables, besides the history of rows, that the web may add to and never change."""

FUNCTIONS = """
-- Those a worker works with: they are or were allocated on an open case, hold it, or hold an
-- assessment or an enquiry that is not finished.
CREATE OR REPLACE FUNCTION confidentiality_mine(professional text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.child_id FROM episodes_allocation a
    LEFT JOIN episodes_episode e ON e.id = a.episode_id
    WHERE a.worker_id = professional AND a.struck_out_at IS NULL
        AND CASE WHEN e.id IS NULL THEN a.ended_on IS NULL
            ELSE e.closed_on IS NULL AND e.struck_out_at IS NULL
                AND e.no_further_action IS NOT TRUE END
    UNION SELECT child_id FROM episodes_episode
    WHERE worker_id = professional AND closed_on IS NULL AND struck_out_at IS NULL
        AND no_further_action IS NOT TRUE
    UNION SELECT child_id FROM assessment_assessment
    WHERE worker_id = professional AND authorised_on IS NULL AND struck_out_at IS NULL
    UNION SELECT child_id FROM protection_enquiry
    WHERE worker_id = professional AND ended_on IS NULL AND struck_out_at IS NULL
$$;

-- Those a team, or a team beneath it, works with now.
CREATE OR REPLACE FUNCTION confidentiality_teams(team text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE teams AS (
        SELECT team AS id
        UNION SELECT t.id::text FROM workforce_team t JOIN teams ON t.parent_id = teams.id
    )
    SELECT a.child_id FROM episodes_allocation a
    LEFT JOIN episodes_episode e ON e.id = a.episode_id
    WHERE a.team_id IN (TABLE teams) AND a.ended_on IS NULL AND a.struck_out_at IS NULL
        AND (e.id IS NULL OR e.closed_on IS NULL AND e.struck_out_at IS NULL)
    UNION SELECT e.child_id FROM episodes_episode e
    WHERE e.team_id IN (TABLE teams) AND e.closed_on IS NULL AND e.struck_out_at IS NULL
        AND e.no_further_action IS NOT TRUE
        AND NOT EXISTS (
            SELECT FROM episodes_allocation a WHERE a.episode_id = e.id
                AND a.ended_on IS NULL AND a.struck_out_at IS NULL
        )
    UNION SELECT child_id FROM assessment_assessment
    WHERE team_id IN (TABLE teams) AND authorised_on IS NULL AND struck_out_at IS NULL
    UNION SELECT child_id FROM protection_enquiry
    WHERE team_id IN (TABLE teams) AND ended_on IS NULL AND struck_out_at IS NULL
$$;

-- Restricted people of whom somebody may not know: they hold no grant, and do not work with them.
CREATE OR REPLACE FUNCTION confidentiality_hidden_from(
    asker text, professional text, moment timestamptz
) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.person_id::text FROM confidentiality_restriction r
    WHERE r.lifted_at IS NULL AND r.struck_out_at IS NULL
        AND NOT EXISTS (
            SELECT FROM confidentiality_grant g
            WHERE g.person_id = r.person_id AND g.user_id = asker AND g.struck_out_at IS NULL
                AND g.ended_at IS NULL AND (g.ends_at IS NULL OR g.ends_at > moment)
        )
    EXCEPT SELECT confidentiality_mine(professional)
$$;

-- Whether a row is shown to whoever asks, by the policy of its own table: for what says something
-- about a row of any table. One that is gone, or of a table that is gone, is not shown.
CREATE OR REPLACE FUNCTION confidentiality_row_shows(kind text, key text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY INVOKER AS $$
DECLARE
    held regclass := to_regclass(format('public.%I', replace(lower(kind), '.', '_')));
    form text := (SELECT format_type(atttypid, NULL) FROM pg_attribute
        WHERE attrelid = held AND attname = 'id');
    shows boolean := false;
BEGIN
    IF form IS NOT NULL THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE id = $1::%s)', held, form)
            INTO shows USING key;
    END IF;
    RETURN shows;
END
$$;

-- Everything the policies compare with, worked out once a request.
CREATE OR REPLACE FUNCTION confidentiality_sight(
    asker text, professional text, team text, knows_all boolean, reads_related boolean,
    moment timestamptz,
    OUT hidden text[], OUT hidden_contacts text[], OUT related text[], OUT opened text[]
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    direct text[];
BEGIN
    hidden := '{}'; hidden_contacts := '{}'; related := '{}'; opened := '{}';
    IF NOT knows_all THEN
        hidden := ARRAY(SELECT confidentiality_hidden_from(asker, professional, moment));
        IF hidden <> '{}' THEN
            -- A contact is hidden whole, with the lines of the other children it concerns.
            hidden_contacts := ARRAY(
                SELECT c.contact_id FROM front_door_contactchild c WHERE c.child_id = ANY (hidden)
            );
            hidden_contacts := hidden_contacts || ARRAY(
                SELECT c.id FROM front_door_contactchild c
                WHERE c.contact_id = ANY (hidden_contacts)
            );
        END IF;
    END IF;
    IF reads_related THEN
        opened := ARRAY(
            SELECT DISTINCT o.person_id FROM confidentiality_opening o
            WHERE o.recorded_by_id = asker AND o.ends_at > moment AND o.struck_out_at IS NULL
        );
        direct := ARRAY(
            SELECT confidentiality_mine(professional) UNION SELECT confidentiality_teams(team)
        );
        related := ARRAY(
            SELECT unnest(direct || opened)
            UNION SELECT other.person_id::text
            FROM people_familymember own
            JOIN people_familymember other ON other.family_id = own.family_id
            WHERE own.person_id = ANY (direct)
                AND own.struck_out_at IS NULL AND other.struck_out_at IS NULL
        );
    END IF;
END
$$;
"""

_ASKER = "(SELECT nullif(current_setting('harbourlight.user', true), ''))"
_REACH = "(SELECT coalesce(current_setting('harbourlight.reach', true), ''))"


def _set(name: str) -> str:
    return (
        "(SELECT unnest(coalesce(nullif("
        f"current_setting('harbourlight.{name}', true), ''), '{{}}')::text[]))"
    )


def known_in_sql(person: str) -> str:
    """Whether whoever asks may know of the person, for a function that runs as the owner.

    It holds for the owner too, who fills the record and runs its jobs.
    """
    return (
        f"({person} NOT IN {_set('hidden')} AND ({_REACH} IN ('everyone', 'related') "
        f"OR (current_setting('role') <> '{APP}' AND session_user <> '{APP}')))"
    )


@dataclass(frozen=True)
class Rule:
    """What one table shows, and what may be written to it, as SQL over its columns."""

    table: str
    shows: str
    takes: str


def rules() -> list[Rule]:
    """The rule of every table of the record about a person, by the order of the tables' names."""
    found = (rule_of(model) for model in apps.get_models(include_auto_created=True))
    return sorted((rule for rule in found if rule is not None), key=lambda rule: rule.table)


def rule_of(model: type[models.Model]) -> Rule | None:
    """What a model's table shows; None for one that does not hang on a person."""
    declared = getattr(model, "pgh_tracked_model", model)
    meta, table = declared._meta, model._meta.db_table
    if (beside := _beside_the_record(meta.label, table)) is not None:
        return Rule(table, beside, beside)
    if apps.get_app_config(model._meta.app_label).name not in settings.RECORD_APPS:
        return None
    columns = {field.column for field in model._meta.local_fields}
    reads_all = f"{_REACH} = 'everyone'"
    knows = f"{_REACH} IN ('everyone', 'related')"
    walls = []
    if "area" in columns:
        walls = [f"({table}.area = '' OR {table}.area IN {_set('areas')})"]
    special = _special(meta.label, table)
    people = [column for column in _ways_to_people(declared) if column in columns]
    if people or special:
        unseen = [f"coalesce({table}.{one}, '') NOT IN {_set('hidden')}" for one in people]
        takes = [knows, *unseen, *special.get("takes", ()), *walls]
        shows = [*takes]
        if meta.label not in OUTLINE:
            own = [f"{table}.{one} IN {_set('related')}" for one in _about(people)]
            own += special.get("or_shows", ())
            if own:
                among = f"({' OR '.join(own)})"
                shows.append(f"({reads_all} OR {among})")
        return Rule(table, _all(shows), _all(takes))
    parent = _parent(declared)
    if parent is None or parent.column not in columns:
        return None
    onto = parent.related_model
    assert isinstance(onto, type)
    through = (
        f"EXISTS (SELECT FROM {onto._meta.db_table} parent "
        f"WHERE parent.{onto._meta.pk.column} = {table}.{parent.column})"
    )
    either = _all([knows, through, *walls])
    return Rule(table, either, either)


def _beside_the_record(label: str, table: str) -> str | None:
    """What is shown of a table that is not the record's, and yet says something of somebody."""
    match label:
        case "history.Correction":
            return f"confidentiality_row_shows({table}.row_kind, {table}.row_id)"
        case "notices.Notice":
            return _all(
                [
                    f"(NOT {table}.about ? '{name}' OR "
                    f"confidentiality_row_shows('{kind}', {table}.about ->> '{name}'))"
                    for name, kind in SUBJECTS.items()
                ]
            )
        case _ if label in OWN:
            return f"{table}.{OWN[label]} = {_ASKER}"
    return None


def _all(conditions: list[str]) -> str:
    return "\n    AND ".join(conditions)


def _ways_to_people(model: type[models.Model]) -> list[str]:
    """The columns of a table that name a person."""
    if model is Person:
        return ["id"]
    return [
        field.column or ""
        for field in model._meta.local_concrete_fields
        if field.column in ("child_id", "person_id")
        or (isinstance(field, models.ForeignKey) and field.related_model is Person)
    ]


def _about(people: list[str]) -> list[str]:
    """Of those, whom the row is about."""
    return [one for one in people if one in ("id", "child_id", "person_id")] or people


def _parent(model: type[models.Model]) -> "models.ForeignKey | None":
    """The way by which a table without a person of its own hangs on one that has."""
    for field in model._meta.local_fields:
        onto = getattr(field, "related_model", None)
        if not isinstance(field, models.ForeignKey) or field.null or onto is model:
            continue
        if isinstance(onto, type) and rule_of(onto) is not None:
            return field
    return None


def _special(label: str, table: str) -> Mapping[str, list[str]]:
    """What hangs on contacts, which are hidden whole where a child they concern is hidden.

    Whoever recorded a contact may read it: what they wrote there is theirs already.
    """
    hidden, mine = _set("hidden_contacts"), f"{table}.recorded_by_id = {_ASKER}"
    match label:
        case "front_door.Contact":
            concerns = (
                "EXISTS (SELECT FROM front_door_contactchild line "
                f"WHERE line.contact_id = {table}.id)"
            )
            return {"takes": [f"{table}.id NOT IN {hidden}"], "or_shows": [mine, concerns]}
        case "front_door.ContactChild":
            return {"takes": [f"{table}.contact_id NOT IN {hidden}"], "or_shows": [mine]}
        case "front_door.Decision" | "live_ledger.Entry":
            about = f"({table}.about <> 'contact' OR {table}.about_id NOT IN {hidden})"
            return {"takes": [about]}
    return {}


# ---- Publishing ---------------------------------------------------------------------------------


def statements(tables: list[str]) -> Iterator[str]:
    """Everything the database must be told, given the tables there are."""
    yield FUNCTIONS
    yield f"GRANT USAGE ON SCHEMA public TO {APP}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}"
    known = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    for table in tables:
        model = known.get(table)
        if table in APPEND_ONLY:
            yield f"REVOKE UPDATE, DELETE ON {table} FROM {APP}"
        elif model is not None and hasattr(model, "pgh_tracked_model"):
            # Filled by triggers, which write as the owner.
            yield f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {APP}"
        elif table in ("people_searchperson", "people_searchword", "django_migrations"):
            yield f"REVOKE ALL ON {table} FROM {APP}"
    for rule in rules():
        if rule.table not in tables:
            continue
        yield f"ALTER TABLE {rule.table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {rule.table} FORCE ROW LEVEL SECURITY"
        for name in ("owner", "web"):
            yield f"DROP POLICY IF EXISTS {name} ON {rule.table}"
        yield f"CREATE POLICY owner ON {rule.table} TO CURRENT_USER USING (true) WITH CHECK (true)"
        yield (
            f"CREATE POLICY web ON {rule.table} TO {APP}\n"
            f"USING ({rule.shows})\nWITH CHECK ({rule.takes})"
        )


_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1
"""
_KEPT = "SELECT obj_description('public'::regnamespace, 'pg_namespace')"


class NoRole(RuntimeError):
    """The role that serves pages is not there, and this account may not make it."""


def publish(using: str) -> None:
    """Tell the database the rule, unless it has been told exactly this already."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP])
        if cursor.fetchone() is None:
            raise NoRole(
                f"The database has no role {APP}, as which pages are served. Whoever runs the "
                f"database makes it: CREATE ROLE {APP} LOGIN NOINHERIT PASSWORD '…'; "
                f"GRANT {APP} TO the role that migrates."
            )
        cursor.execute(_TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        told = [*statements(tables)]
        mark = hashlib.sha256("\n".join([*tables, *told]).encode()).hexdigest()
        cursor.execute(_KEPT)
        (kept,) = cursor.fetchone()
        if kept == mark:
            return
        for statement in told:
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON SCHEMA public IS '{mark}'")


def force_row_security(force: bool, tables: list[str]) -> None:
    """Bind the owner of these tables too, or not: only while a record is filled by COPY.

    In the transaction of the filling, so that nobody else finds them so.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relname = ANY (%s)", [tables]
        )
        for (table,) in cursor.fetchall():
            how = "FORCE" if force else "NO FORCE"
            cursor.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")


def as_markdown() -> str:
    """The policies in force, as a page for those who want to read them."""
    lines = [
        "# Who may see, in PostgreSQL",
        "",
        "Made from the models by `harbourlight.record.confidentiality.row_security`; do not edit.",
        f"Each policy is for `{APP}`, as which every page is served. The sets are settings of the",
        "transaction, filled by `confidentiality_sight` once a request.",
        "",
    ]
    for rule in rules():
        lines += [f"## {rule.table}", "", "```sql", f"USING ({rule.shows})"]
        if rule.takes != rule.shows:
            lines.append(f"WITH CHECK ({rule.takes})")
        lines += ["```", ""]
    return "\n".join(lines)

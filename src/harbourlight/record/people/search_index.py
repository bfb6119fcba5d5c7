"""Publishing what search stands on: tables, triggers and functions made from `sql/search.sql`.

They are worked out from the record, as a view is, so no migration holds them: they are published
after every migration, and made again from nothing when their statement has changed. It must not be
used by a page: pages call `search`.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

STATEMENT = Path(__file__).parent / "sql" / "search.sql"


@dataclass(frozen=True)
class Source:
    """A table that says something of a person that search knows, and the column that names them."""

    table: str
    person: str


SOURCES = (
    Source("people_person", "id"),
    Source("people_personname", "person_id"),
    Source("people_address", "person_id"),
)

OTHER_WORDS = """ARRAY(
    SELECT DISTINCT
        unnest(public.people_words(other.forename) || public.people_words(other.surname))
    FROM public.people_personname AS other
    WHERE other.person_id = person.id AND other.struck_out_at IS NULL
    ORDER BY 1
)"""
"""The words of every name somebody has or had. In order, as every list here is: what is distinct
comes in whatever order the plan gives, and a row made again would look like another."""

_OUTWARD = """ARRAY(
    SELECT DISTINCT lower(split_part(address.postcode, ' ', 1))
    FROM public.people_address AS address
    WHERE address.person_id = person.id AND address.struck_out_at IS NULL
        AND NOT address.is_confidential AND address.postcode <> ''
        AND {ended}
    ORDER BY 1
)"""
"""Outward codes. A confidential address must not be found by: its code would give it away."""

OUTWARDS = _OUTWARD.format(ended="address.ended_on IS NULL")
EARLIER_OUTWARDS = _OUTWARD.format(ended="address.ended_on IS NOT NULL")

_EVERYBODY = "true"
_may_know: list[str] = [_EVERYBODY]


def tell_may_know(condition: str) -> None:
    """Say, in SQL over `weighed.id`, whom the asker may know of. Call it from an app's `ready`.

    The function of the search runs as the owner, whom row-level security lets pass, so it must
    apply the rule itself: somebody hidden must leave no trace, in the order or the number.
    """
    _may_know[:] = [condition]


def statement() -> str:
    """Everything to publish, as SQL."""
    filled = STATEMENT.read_text(encoding="utf-8")
    for name, value in (
        ("others", OTHER_WORDS),
        ("outwards", OUTWARDS),
        ("earlier_outwards", EARLIER_OUTWARDS),
        ("may_know", _may_know[0]),
    ):
        filled = filled.replace(f"{{{name}}}", value)
    return filled + "".join(map(_triggers, SOURCES))


def _triggers(source: Source) -> str:
    tables = {
        "INSERT": "REFERENCING NEW TABLE AS changed",
        "UPDATE": "REFERENCING OLD TABLE AS earlier NEW TABLE AS changed",
        "DELETE": "REFERENCING OLD TABLE AS changed",
        "TRUNCATE": "",
    }
    return "".join(
        f"CREATE OR REPLACE TRIGGER people_search_{event.lower()} AFTER {event} ON {source.table} "
        f"{referencing} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION people_searchfollow('{source.person}');\n"
        for event, referencing in tables.items()
    )


def publish(using: str = "default") -> None:
    """Make tables, triggers and functions, and fill the tables, unless they are as they were."""
    wanted = statement()
    mark = hashlib.sha256(wanted.encode()).hexdigest()
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(to_regclass('public.people_searchperson'), 'pg_class')"
        )
        if cursor.fetchone() == (mark,):
            return
        cursor.execute(
            "DROP TABLE IF EXISTS people_searchperson, people_searchword CASCADE;"
            "DROP FUNCTION IF EXISTS people_find"
        )
        cursor.execute(wanted)
        fill(using)
        cursor.execute(
            "REVOKE ALL ON people_searchperson, people_searchword FROM PUBLIC;"
            "REVOKE ALL ON FUNCTION people_searchrefresh, people_searchtidy FROM PUBLIC"
        )
        cursor.execute(f"COMMENT ON TABLE people_searchperson IS '{mark}'")


def fill(using: str = "default") -> None:
    """Make every row of the index again from the record."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT people_searchrefresh(NULL)")


def tidy(using: str = "default") -> None:
    """Count who bears each word, and forget words nobody bears any more."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT people_searchtidy()")


def differences(using: str = "default") -> int:
    """How many rows of the index differ from what the record says now. It should be 0."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ("
            "(TABLE people_searchperson EXCEPT ALL SELECT * FROM people_searchrows(NULL)) "
            "UNION ALL "
            "(SELECT * FROM people_searchrows(NULL) EXCEPT ALL TABLE people_searchperson)) AS odd"
        )
        return int(cursor.fetchone()[0])

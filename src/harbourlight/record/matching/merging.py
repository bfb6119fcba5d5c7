"""Making two people one, and undoing that exactly.

No row is deleted. Rows that hang on the person retired are made to hang on the one kept; the person
retired is struck out as the same as the other, and their identifier still leads there. All of it is
one act, and its manifest says what every changed row said before. It must not decide who is whom.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.drafts.models import Draft
from harbourlight.foundation.facts import Fact
from harbourlight.record.matching.models import Merger, Proposal
from harbourlight.record.matching.relations import Relation, moved
from harbourlight.record.people.models import Person, PersonName
from harbourlight.server.postgres import APP

STRUCK_OUT_AS = "The same person as"

FILLED = (
    "forename", "surname", "sex", "gender", "pronouns", "ethnicity", "born_on", "expected_on",
    "died_on", "upn_unknown", "has_education_plan", "is_mother", "nationality", "religion",
)  # fmt: skip
"""Fields of a person that are taken from the one retired where the one kept has nothing there."""

_ALIASES = dict.fromkeys(("legal", "known_as"), PersonName.Kind.ALIAS)
"""What a name of the person retired becomes, where the one kept has a name that is shown."""

_NOTHING = {"sex": ("U", "")}


@dataclass(frozen=True)
class Added:
    """A row about the person kept that was written after the merger: nobody knows of which of the
    two it is, so it stays, and is listed for somebody to decide."""

    model: str
    pk: str
    said: str


def merge(*, by: User, at: datetime, kept: Person, retired: Person, because: str) -> Merger:
    """Make `retired` the same person as `kept`. Both records' facts are then about `kept`.

    Raises `Refused`, with nothing changed, when either is not a standing record, they are the same
    row, or something hangs on people that merging does not know.
    """
    _require_the_owner()
    with acting("people:merge", by=by, at=at) as act:
        kept, retired = _locked(kept.pk, retired.pk)
        following = require_mergeable(kept, retired)
        changes = [
            change
            for relation in following
            for change in _move(relation, retired=retired, kept=kept, by=by, at=at)
        ]
        changes += _fill(kept, retired)
        manifest: dict[str, Any] = {"changes": changes, "created": [], "held": _held(kept)}
        if _alias_needed(kept, retired):
            alias = PersonName.objects.create(
                person=kept,
                kind=PersonName.Kind.ALIAS,
                forename=retired.forename,
                surname=retired.surname,
                recorded_at=at,
                recorded_by=by,
            )
            manifest["created"].append({"model": PersonName._meta.label, "pk": alias.pk})
            manifest["held"].append([PersonName._meta.label, alias.pk])
        changes += _lead_drafts(kept, retired)
        changes += _strike_out(retired, kept, by=by, at=at)
        merger = Merger.objects.create(
            person=kept, retired=retired, at=at, by=by, because=because, manifest=manifest
        )
        act.touches(kept.pk, retired.pk)
        act.on(merger=merger.pk)
    return merger


def undo(*, by: User, at: datetime, merger: Merger, because: str) -> list[Added]:
    """Put back every row a merger changed, and nothing else; what was added since is returned.

    Raises `Refused` when it was undone before, or a later merger of either must be undone first. A
    value somebody has corrected since is left as they corrected it.
    """
    _require_the_owner()
    with acting("people:unmerge", by=by, at=at) as act:
        merger = Merger.objects.select_for_update().get(pk=merger.pk)
        kept, retired = _locked(merger.person_id, merger.retired_id)
        require_undoable(merger)
        added = [*added_since(merger)]
        for change in reversed(merger.manifest["changes"]):
            _put_back(change)
        for made in merger.manifest["created"]:
            apps.get_model(made["model"])._base_manager.filter(pk=made["pk"]).delete()
        merger.undone_at, merger.undone_by, merger.undone_because = at, by, because
        Proposal.objects.filter(pk__in=_proposals_of(merger)).update(
            decision=Proposal.Decision.DIFFERENT, decided_by=by, decided_at=at, because=because
        )
        merger.save(update_fields=["undone_at", "undone_by", "undone_because"])
        act.touches(kept.pk, retired.pk)
        act.on(merger=merger.pk)
    return added


def require_mergeable(kept: Person, retired: Person) -> list[Relation]:
    """The relations to follow in merging two people. Raises `Refused` where they cannot be one."""
    if kept.pk == retired.pk:
        raise Refused(_("These are one record already"))
    if kept.is_struck_out or retired.is_struck_out:
        raise Refused(_("One of these records has been struck out or merged since"))
    return moved()


def require_undoable(merger: Merger) -> None:
    """Raises `Refused` where a merger was undone before, or a later one must be undone first."""
    if merger.undone_at:
        raise Refused(_("This has been undone already"))
    both = (merger.person_id, merger.retired_id)
    later = Merger.objects.filter(undone_at__isnull=True, pk__gt=merger.pk).filter(
        models.Q(person__in=both) | models.Q(retired__in=both)
    )
    if later.exists():
        raise Refused(_("One of them was merged again after this: undo that first"))


def added_since(merger: Merger) -> Iterator[Added]:
    """What was written about the person kept after they were merged."""
    before = {(model, pk) for model, pk in merger.manifest["held"]}
    for relation in moved():
        rows = relation.model._base_manager.filter(**{relation.field.name: merger.person_id})
        for row in rows:
            if (relation.model._meta.label, str(row.pk)) not in before:
                yield Added(relation.model._meta.label, str(row.pk), str(row))


def _proposals_of(merger: Merger) -> models.QuerySet[Proposal, Any]:
    one, other = sorted((merger.person_id, merger.retired_id))
    return Proposal.objects.filter(person=one, other=other).values("pk")


def successor_of(person_id: str) -> str | None:
    """The person that somebody retired was found to be, through any number of mergers.

    It tells this of anybody: whether whoever asks may know of them is for the caller to ask.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT matching_successor(%s)", [person_id])
        (found,) = cursor.fetchone()
    return found or None


class NotTheOwner(RuntimeError):
    """A merger was tried by the role that serves pages, from which row-level security hides rows:
    what it may not see would be left behind. It is work for a job."""


def _require_the_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() == (APP,):
            raise NotTheOwner


# ---- The steps ----------------------------------------------------------------------------------


def _locked(*ids: str) -> list[Person]:
    rows = Person.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    people = {one.pk: one for one in rows}
    return [people[one] for one in ids]


def _move(
    relation: Relation, *, retired: Person, kept: Person, by: User, at: datetime
) -> Iterator[dict[str, Any]]:
    """Make rows hang on the person kept, but those PostgreSQL would not have there.

    Such a one says again what the kept person's says: it is struck out where nothing hangs on it,
    so that nobody waits for it to be decided, and stays as it is where something does.
    """
    name, manager = relation.field.name, relation.model._base_manager
    for row in manager.filter(**{name: retired.pk}).order_by("pk"):
        if _would_clash(relation, row, kept):
            if isinstance(row, Fact) and not row.is_struck_out and not _anything_hangs_on(row):
                yield from _strike_out(row, kept, by=by, at=at)
            continue
        values: dict[str, Any] = {relation.field.attname: kept.pk}
        if isinstance(row, PersonName) and (kept.forename or kept.surname):
            values["kind"] = _ALIASES.get(row.kind, row.kind)
        yield from _change(row, **values)


def _anything_hangs_on(row: models.Model) -> bool:
    return any(
        related.related_model._base_manager.filter(**{related.field.name: row.pk}).exists()
        for related in row._meta.related_objects
        if not issubclass(related.related_model, pghistory.models.Event)
    )


def _strike_out(row: Fact, kept: Person, *, by: User, at: datetime) -> list[dict[str, Any]]:
    because = f"{STRUCK_OUT_AS} {kept.pk}"
    return _change(row, struck_out_at=at, struck_out_by_id=by.pk, struck_out_because=because)


def _would_clash(relation: Relation, row: models.Model, kept: Person) -> bool:
    """Whether the kept person has such a row already, or the row is of these two together."""
    others = [
        field
        for field in relation.model._meta.concrete_fields
        if field != relation.field and field.is_relation and field.related_model is Person
    ]
    if any(getattr(row, field.attname) == kept.pk for field in others):
        return True
    for constraint in relation.model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        if relation.field.name not in constraint.fields:
            continue
        same = {
            name: kept.pk if name == relation.field.name else getattr(row, name)
            for name in constraint.fields
        }
        standing = relation.model._base_manager.filter(constraint.condition or models.Q())
        if standing.filter(pk=row.pk).exists() and standing.filter(**same).exists():
            return True
    if relation.field.unique:
        return relation.model._base_manager.filter(**{relation.field.name: kept.pk}).exists()
    return False


def _fill(kept: Person, retired: Person) -> list[dict[str, Any]]:
    lacking = {
        name: getattr(retired, name)
        for name in FILLED
        if _is_nothing(name, getattr(kept, name)) and not _is_nothing(name, getattr(retired, name))
    }
    return _change(kept, **lacking) if lacking else []


def _lead_drafts(kept: Person, retired: Person) -> list[dict[str, Any]]:
    """Let what somebody has typed and not yet sent wait where the form is from now on."""
    named = re.compile(rf"(?<![\w-]){re.escape(retired.pk)}(?![\w-])")
    return [
        change
        for draft in Draft.objects.filter(address__contains=retired.pk).order_by("pk")
        if named.search(draft.address)
        for change in _change(draft, address=named.sub(kept.pk, draft.address))
    ]


def _is_nothing(name: str, value: object) -> bool:
    return value is None or value == "" or value in _NOTHING.get(name, ())


def _alias_needed(kept: Person, retired: Person) -> bool:
    held = (retired.forename, retired.surname)
    if not any(held) or held == (kept.forename, kept.surname):
        return False
    return (
        not PersonName.objects.standing()
        .filter(person=kept, forename=held[0], surname=held[1])
        .exists()
    )


def _change(row: models.Model, **values: Any) -> list[dict[str, Any]]:
    """Change columns of a row, and say what each said before and says now."""
    fields = {field.attname: field for field in row._meta.concrete_fields}
    changed = {
        "model": row._meta.label,
        "pk": str(row.pk),
        "was": {name: _as_text(fields[name], getattr(row, name)) for name in values},
        "now": {name: _as_text(fields[name], value) for name, value in values.items()},
    }
    type(row)._base_manager.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)
    return [changed]


def _put_back(change: Mapping[str, Any]) -> None:
    """Let a row say again what it said, but for a column that somebody has changed since."""
    model = apps.get_model(change["model"])
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rows = model._base_manager.filter(pk=change["pk"])
    says = rows.values(*change["now"]).get()
    rows.update(
        **{
            name: _from_text(fields[name], was)
            for name, was in change["was"].items()
            if _as_text(fields[name], says[name]) == change["now"][name]
        }
    )


def _as_text(field: models.Field, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat()
    return str(field.get_prep_value(value)) if not isinstance(value, bool) else str(value)


def _from_text(field: models.Field, text: str | None) -> Any:
    if text is None:
        return None
    target = field.target_field if field.is_relation else field  # type: ignore[attr-defined]  # a key's
    return target.to_python(text)


def _held(kept: Person) -> list[list[str]]:
    """Every row about the person kept, as it is once the others have come to them."""
    return [
        [relation.model._meta.label, str(pk)]
        for relation in moved()
        for pk in relation.model._base_manager.filter(**{relation.field.name: kept.pk}).values_list(
            "pk", flat=True
        )
    ]

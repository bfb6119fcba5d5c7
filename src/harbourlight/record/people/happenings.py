"""What befell a child themselves, in a chronology: birth, moves, schools, names, warnings."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.record.people.chronology import Happening
from harbourlight.record.people.models import (
    Address,
    NetworkMember,
    Person,
    PersonName,
    PersonWarning,
)
from harbourlight.record.people.selectors import LIVES_AT

_TEXT = TextField()
_NOTHING = Value("", _TEXT)
_PLACES = (NetworkMember.Kind.SCHOOL, NetworkMember.Kind.NURSERY)


def lives(child_ids: Collection[str]) -> Iterator[Happening]:
    """When these children were born, moved, began at a school, were named anew, or died.

    They are asked for as one. A confidential address is told of without where it is, and a warning
    without its words: those are on the page of details, for who may see them there.
    """
    people = Person.objects.standing().filter(pk__in=child_ids)
    # Where somebody has lived from birth they did not move to.
    homes = (
        _of(Address, child_ids).filter(kind__in=LIVES_AT).exclude(started_on=F("person__born_on"))
    )
    shown = Case(When(is_confidential=True, then=_NOTHING), default=F("lines"), output_field=_TEXT)
    rows = _rows(people.exclude(born_on=None), "born", F("born_on"), child=F("pk")).union(
        _rows(people.exclude(died_on=None), "died", F("died_on"), child=F("pk")),
        _rows(homes, "moved", F("started_on"), shown),
        _rows(
            _of(NetworkMember, child_ids).filter(kind__in=_PLACES),
            "began",
            F("started_on"),
            F("organisation"),
        ),
        _rows(_of(PersonName, child_ids), "named", F("started_on"), F("forename"), F("surname")),
        _rows(
            PersonWarning.objects.standing().filter(person_id__in=child_ids),
            "warned",
            Coalesce(F("started_on"), TruncDate("recorded_at")),
            F("kind"),
        ),
        all=True,
    )
    for row in rows:
        yield _happening(row)


def _of(model: Any, child_ids: Collection[str]) -> QuerySet[Any]:
    return model.objects.standing().filter(person_id__in=child_ids, started_on__isnull=False)


def _rows(
    held: QuerySet[Any],
    what: str,
    on: Any,
    first: Any = _NOTHING,
    second: Any = _NOTHING,
    *,
    child: F | None = None,
) -> QuerySet[Any, dict[str, Any]]:
    return held.order_by().values(
        "pk",
        "recorded_at",
        child=child or F("person_id"),
        by=F("recorded_by__full_name"),
        what=Value(what, _TEXT),
        on=on,
        first=first,
        second=second,
    )


def _happening(row: dict[str, Any]) -> Happening:
    what, by = row["what"], row["by"] or ""
    first, second = row["first"], row["second"]
    title, text = {
        "born": lambda: (_("Born"), ""),
        "died": lambda: (_("Died"), ""),
        "moved": lambda: (_("Moved home"), ", ".join(first.splitlines())),
        "began": lambda: (_("Began at %(where)s") % {"where": first}, ""),
        "named": lambda: (_("Named %(name)s") % {"name": f"{first} {second}".strip()}, ""),
        "warned": lambda: (_("Warning: %(kind)s") % {"kind": PersonWarning.Kind(first).label}, ""),
    }[what]()
    # Brothers and sisters move as one, and a warning about the home is about each who lives there.
    together = what in ("moved", "warned")
    return Happening(
        child_id=row["child"],
        title=title,
        key=f"{row['pk']}:{what}",
        is_significant=what in ("born", "died", "warned"),
        on=row["on"],
        text=text,
        href=reverse("people:details", args=[row["child"]]),
        recorded_at=row["recorded_at"],
        # When somebody was born or died is known long before it matters to be written down.
        recorded_by="" if what in ("born", "died") else by,
        whole=f"{what} {row['on']} {text or title}" if together else "",
    )

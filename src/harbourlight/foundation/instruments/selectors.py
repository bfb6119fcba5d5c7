"""Which instruments are in force, with the authority's changes, and how they are answered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Func, Q, QuerySet

from harbourlight.foundation.instruments import shelf
from harbourlight.foundation.instruments.file_format import BadFile
from harbourlight.foundation.instruments.instrument import Instrument
from harbourlight.foundation.instruments.local_changes import changed
from harbourlight.foundation.instruments.models import Edition, LocalChange, Tally


@dataclass(frozen=True)
class InForce:
    """An instrument as it is put to people on a day.

    `change` is the authority's change in force that day. Where it no longer fits the instrument,
    because that has a newer version, `fault` says why, and the instrument is as it came: what a
    standard needs comes before what was added here.
    """

    instrument: Instrument
    change: LocalChange | None = None
    fault: BadFile | None = None


def in_force(on: date) -> dict[str, InForce]:
    """Every instrument in force on a day, by its code, by title."""
    changes: dict[str, LocalChange] = {}
    for one in LocalChange.objects.filter(in_force_from__lte=on).order_by("number"):
        changes[one.code] = one  # the latest number wins
    found = {}
    for code in shelf.codes():
        if base := shelf.as_it_came(code, on):
            found[code] = _with_change(base, changes.get(code))
    return dict(sorted(found.items(), key=lambda pair: pair[1].instrument.title))


def instrument_in_force(code: str, on: date) -> Instrument | None:
    """One instrument as it is put to people on a day; None if it is not."""
    base = shelf.as_it_came(code, on)
    if base is None:
        return None
    change = (
        LocalChange.objects.filter(code=code, in_force_from__lte=on).order_by("-number").first()
    )
    return _with_change(base, change).instrument


def _with_change(base: Instrument, change: LocalChange | None) -> InForce:
    if change is None or change.number is None:
        return InForce(base)
    try:
        made = changed(base, change.text, f"Local changes {change.number}", edition=change.number)
    except BadFile as fault:
        return InForce(base, change, fault)
    return InForce(made, change)


def changes_of(code: str) -> QuerySet[LocalChange]:
    """An authority's changes to an instrument that were put in force, the latest first."""
    return (
        LocalChange.objects.filter(code=code, number__isnull=False)
        .select_related("put_in_force_by")
        .order_by("-number")
    )


def draft_of(code: str) -> LocalChange | None:
    """The change of an instrument that is being written, if there is one."""
    drafts = LocalChange.objects.filter(code=code, number__isnull=True)
    return drafts.select_related("begun_by").first()


def versions_of(code: str) -> dict[str, Instrument]:
    """Every wording of an instrument there has been, by `version.local`, the latest first.

    Those that came in files, each change the authority put in force, and any edition answered.
    """
    found = {(one.version, 0): one for one in shelf.all_versions() if one.code == code}
    for change in changes_of(code):
        base = shelf.as_it_came(code, change.in_force_from) if change.in_force_from else None
        if base and (made := _with_change(base, change)).fault is None:
            found[made.instrument.version, made.instrument.edition] = made.instrument
    for edition in Edition.objects.filter(code=code):
        found.setdefault((edition.version, edition.local), edition.instrument)
    return {f"{key[0]}.{key[1]}": found[key] for key in sorted(found, reverse=True)}


# ---- Questions nobody answers -------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """How often one question was asked and answered, in one wording of an instrument."""

    instrument: Instrument
    name: str
    finished: int
    asked: int
    answered: int


class _Unnested(Func):
    """Each member of an array, as a row."""

    function = "unnest"


def counted(
    code: str, *, since: date, until: date, group: str = ""
) -> dict[Instrument, list[Counted]]:
    """How often each question was asked and answered in what was finished between two days.

    By wording, the latest first; questions in the order of the page. `group` narrows to one team.
    """
    asked_for = Q(edition__code=code, finished_on__range=(since, until), counts=True)
    if group:
        asked_for &= Q(group=group)
    tallies = Tally.objects.filter(asked_for)
    finished = dict(tallies.values_list("edition").annotate(Count("id")))
    unanswered, not_asked = (_by_question(tallies, each) for each in ("unanswered", "not_asked"))
    found = {}
    editions = Edition.objects.filter(pk__in=finished).order_by("-version", "-local")
    for edition in editions:
        instrument, total = edition.instrument, finished[edition.pk]
        found[instrument] = [
            Counted(
                instrument=instrument,
                name=name,
                finished=total,
                asked=total - not_asked.get((edition.pk, name), 0),
                answered=total
                - not_asked.get((edition.pk, name), 0)
                - unanswered.get((edition.pk, name), 0),
            )
            for name in instrument.questions
        ]
    return found


def _by_question(tallies: QuerySet[Tally], array: str) -> dict[tuple[str, str], int]:
    each: Any = tallies.values("edition_id").annotate(question=_Unnested(F(array)))
    rows = each.values_list("edition_id", "question").annotate(number=Count("id"))
    return {(edition, question): number for edition, question, number in rows}

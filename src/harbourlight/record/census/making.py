"""Making the census of a year from the live record, and keeping what is found in it.

It is built from the whole record by the owner: what a person may see of it is for `selectors`. What
is kept is whole or is not kept at all, so a census that could not be made leaves the last in place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TypeVar

import pyarrow as pa
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from harbourlight.record.census import folder
from harbourlight.record.census.counting import counts_of_children
from harbourlight.record.census.models import (
    KINDS,
    Census,
    CensusChild,
    CensusFinding,
    Kind,
)
from harbourlight.record.census.owners import Owners
from harbourlight.record.census.years import made_on
from harbourlight.record.people.models import Person
from harbourlight.record.publishing import published_tables
from harbourlight.record.workforce.models import Professional, Team
from harbourlight.returns.cin.building import Built, Header, build
from harbourlight.returns.cin.building.rows import MODULE
from harbourlight.returns.cin.checking import check
from harbourlight.returns.cin.conditions import Repeated
from harbourlight.returns.cin.findings import Checked, Finding
from harbourlight.returns.cin.rules import rules_of

_Row = TypeVar("_Row", bound=models.Model)
Told = Callable[[int, int], None]
"""Told how far it has come: so many of so many."""

KEPT = 2
"""Censuses of a year that are kept: the last made, and the one before, to say what has changed."""

_STEPS = 100
_BUILT, _CHECKED = 60, 85
"""Of a year's hundred steps, how many have been made once it is built, and once it is checked."""

_AT_ONCE = 2_000
"""Rows written by one statement."""


def make(*, at: datetime, tell: Told = lambda done, total: None) -> list[Census]:
    """Make the censuses of the day, the earlier first: each is the other's year before.

    Not inside a transaction: the record is read in one of its own, and each census is kept as soon
    as it is made.
    """
    years = made_on(timezone.localdate(at))
    tables = published_tables()
    total = len(years) * _STEPS
    made = []
    for before, year in zip(range(0, total, _STEPS), years, strict=True):
        step = partial(_tell_of, tell, before, total)
        made.append(_made(year, tables, at=at, step=step))
    _forget_before(years[0] - 1)
    tell(total, total)
    return made


def _tell_of(tell: Told, before: int, total: int, steps: float) -> None:
    """Tell how far the making of one census has come, of all that are made."""
    tell(before + int(steps), total)


def _made(
    year: int, tables: Mapping[str, pa.Table], *, at: datetime, step: Callable[[float], None]
) -> Census:
    name = folder.new_name()
    path = folder.path_of(name)
    header = Header(settings.AUTHORITY_NUMBER, timezone.localtime(at).replace(tzinfo=None))
    try:
        built = build(
            tables,
            year=year,
            header=header,
            out=path,
            with_places=True,
            progress=lambda share: step(share * _BUILT),
        )
        checked = None
        if path.exists():
            folder.settle(name)
            last = _file_of(year - 1)
            checked = check(
                path,
                year=year,
                last_year=folder.path_of(last) if last else None,
                progress=lambda share: step(_BUILT + share * (_CHECKED - _BUILT)),
            )
            if last == "":
                checked.left_out.pop()  # it asks for a file; the page says what would be one
        return _keep(year, name if checked else "", built, checked, tables, at=at, step=step)
    except BaseException:
        folder.forget(name)
        raise


def _file_of(year: int) -> str:
    """The file of the census of a year that was made last; empty where there is none."""
    made = Census.objects.filter(year=year).exclude(file="").order_by("-made_at").first()
    return made.file if made and folder.path_of(made.file).exists() else ""


# ---- Keeping ------------------------------------------------------------------------------------


def _keep(
    year: int,
    name: str,
    built: Built,
    checked: Checked | None,
    tables: Mapping[str, pa.Table],
    *,
    at: datetime,
    step: Callable[[float], None],
) -> Census:
    """Keep a census with its children and findings, and let go of the last but one."""
    found = [*_cannot_be_built(built), *(_found_by_rules(checked, built) if checked else ())]
    ours = set(Person.objects.values_list("pk", flat=True))
    of_children = [one for one in found if one.child_id in ours]
    _say_whose(of_children, tables)
    old = [*Census.objects.filter(year=year).order_by("-made_at")[KEPT - 1 :]]
    with transaction.atomic():
        census = Census.objects.create(
            year=year,
            made_at=at,
            file=name,
            children=built.counts["Child"],
            rules_year=checked.rules_of.year if checked else None,
            totals=dict(checked.totals) if checked else {},
            last_year=dict(checked.last_year) if checked else {},
            whole=[_as_object(one) for one in found if one.child_id not in ours],
            assumed=checked.assumed if checked else [],
            left_out=checked.left_out if checked else [],
            remarks=built.remarks,
        )
        for one in of_children:
            one.census = census
        counts = counts_of_children(folder.path_of(name)) if name else ()
        children = (
            CensusChild(census=census, child_id=child, **counted)
            for child, counted in counts
            if child in ours
        )
        for some in _some(children):
            CensusChild.objects.bulk_create(some)
        for done, rows in enumerate(_some(of_children)):
            CensusFinding.objects.bulk_create(rows)
            share = done * _AT_ONCE / len(of_children)
            step(_CHECKED + share * (_STEPS - _CHECKED))
        Census.objects.filter(pk__in=[one.pk for one in old]).delete()
    folder.forget(*(one.file for one in old))
    return census


def _forget_before(year: int) -> None:
    """Let go of the censuses before a year: no check asks for them any more."""
    old = [*Census.objects.filter(year__lt=year)]
    Census.objects.filter(pk__in=[one.pk for one in old]).delete()
    folder.forget(*(one.file for one in old))


def _some(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    waiting = iter(rows)
    while some := [*islice(waiting, _AT_ONCE)]:
        yield some


# ---- What is found ------------------------------------------------------------------------------


def _cannot_be_built(built: Built) -> Iterator[CensusFinding]:
    """What is not in the census because of how it is held."""
    for problem in built.problems:
        module = MODULE.get(problem.module)
        table = module.table if module else _TABLE_OF.get(problem.module, "ssd_person")
        yield CensusFinding(
            kind=Kind.BUILD,
            rule=f"build-{problem.element}",
            message=problem.wrong,
            child_id=problem.child,
            module=problem.module,
            element=problem.element,
            table=table,
            row=problem.row,
            left_out=problem.left_out,
        )


_TABLE_OF = {"CINdetails": "ssd_cin_episodes"}
"""The table of a part that is no module."""


def _found_by_rules(checked: Checked, built: Built) -> Iterator[CensusFinding]:
    beside = _beside(checked)
    assert built.places is not None
    for finding in checked.findings:
        place = built.places.place_of(finding.line)
        yield CensusFinding(
            kind=KINDS[finding.kind],
            rule=finding.rule,
            message=finding.message,
            child_id=finding.child or (place.child if place else ""),
            beside_id=beside.get((finding.rule, finding.child)),
            module=finding.module,
            element=finding.element,
            value=finding.value,
            line=finding.line,
            table=place.table if place else "",
            row=place.row if place else "",
        )


def _beside(checked: Checked) -> dict[tuple[str, str | None], str]:
    """Of the findings that one text is given of several children: another of those, by rule and
    child. Each has the next, and the last the first, so that nobody is told of whom they may not
    know."""
    repeated = {
        applied.code
        for applied in rules_of(checked.rules_of.year)
        if isinstance(applied.fails, Repeated)
    }
    sharing: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in checked.findings:
        if finding.rule in repeated and finding.child:
            sharing.setdefault((finding.rule, finding.value), []).append(finding)
    return {
        (one.rule, one.child): next_one.child
        for among in sharing.values()
        for one, next_one in zip(among, [*among[1:], among[0]], strict=True)
        if next_one.child and next_one.child != one.child
    }


def _say_whose(found: list[CensusFinding], tables: Mapping[str, pa.Table]) -> None:
    """Say of each finding whose it is to mend."""
    owners = Owners(tables, {one.child_id for one in found})
    workers = dict(Professional.objects.values_list("pk", "team_id"))
    teams = set(Team.objects.values_list("pk", flat=True))
    for one in found:
        owner = owners.of(one.child_id, one.table, one.row)
        one.worker_id = owner.worker if owner.worker in workers else None
        team = owner.team or workers.get(owner.worker or "")
        one.team_id = team if team in teams else None


def _as_object(found: CensusFinding) -> dict[str, str | int | None]:
    """A finding of no child, as `Census.whole` holds it."""
    return {
        name: getattr(found, name)
        for name in ("kind", "rule", "message", "module", "element", "value", "line")
    }

"""Several thousand small census files: those of the situations, and whole returns with one thing
or two changed.

A scene is a return of two children in which no rule about a child is broken. From it follow a file
without each element, with each emptied, given twice, out of order and said otherwise; with each
date put before, on and after each other date and each boundary that a rule names; with each code
known and unknown; and, by lot, with two such changes at once. Each file has a name that says what
it is, and is the same whenever it is made.
"""

import copy
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

from harbourlight.returns.cin.conditions import Census, working_days_back
from harbourlight.returns.cin.elements import ELEMENTS, Field, Group, Holds
from harbourlight.standards import code_sets
from tests.returns.cin.making import make, situations

LAST_YEAR = 2026
"""The validator has no rules of a later census."""
EARLIER_YEARS = (2023, 2024, 2025)
TWO_CHANGES = 25
"""Files of each scene with two changes, drawn by lot."""
OF_AN_EARLIER_YEAR = 14
"""Files of each scene and earlier year, drawn by lot."""
SEED = 2026

BEFORE = (
    "Child LAchildID=W1 PersonBirthDate=2012-09-03; Disability LD; Disability VIS; "
    "CINdetails CINreferralDate=2025-07-07; "
    "Assessments AssessmentActualStartDate=2025-07-08 AssessmentAuthorisationDate=2025-08-11; "
    "AssessmentFactors 2B; AssessmentFactors 19B; "
    "CINPlanDates CINPlanStartDate=2025-08-12; "
)
"""The first child of every scene, who is never changed."""

SCENES = {
    "on a plan": (
        "Child LAchildID=C1 UPN=P201123456789 UPNunknown= FormerUPN=X987654321234; "
        "Disability LD; Disability MOB; "
        "CINdetails; "
        "Assessments AssessmentInternalReviewDate=2025-05-21; "
        "AssessmentFactors 1A; AssessmentFactors 3B; "
        "Assessments AssessmentActualStartDate=2026-03-02 AssessmentAuthorisationDate=; "
        "AssessmentFactors -; "
        "Section47; "
        "Section47 S47ActualStartDate=2026-01-12 InitialCPCtarget=2026-02-02 DateOfInitialCPC= "
        "ICPCnotRequired=true; "
        "ChildProtectionPlans; Reviews; CPPreviewDate 2025-09-01; CPPreviewDate 2025-12-01"
    ),
    "two episodes": (
        "Child LAchildID=C1; Disability NONE; "
        "CINdetails CINreferralDate=2025-04-14 CINclosureDate=2025-09-30 ReasonForClosure=RC1; "
        "Assessments AssessmentActualStartDate=2025-04-15 AssessmentAuthorisationDate=2025-05-20; "
        "Section47 S47ActualStartDate=2025-04-22 InitialCPCtarget=2025-05-13 "
        "DateOfInitialCPC=2025-05-12; "
        "ChildProtectionPlans CPPstartDate=2025-05-12 CPPendDate=2025-08-15; "
        "Reviews; CPPreviewDate 2025-08-08; "
        "CINPlanDates CINPlanStartDate=2025-08-15 CINPlanEndDate=2025-09-29; "
        "CINdetails CINreferralDate=2025-11-10; "
        "Assessments AssessmentActualStartDate=2025-11-11 AssessmentAuthorisationDate=2026-01-14; "
        "CINPlanDates CINPlanStartDate=2026-01-15"
    ),
    "transferred in": (
        "Child LAchildID=C1 UPN=P201123456789; Disability AUT; "
        "CINdetails CINreferralDate=2024-02-05 DateOfInitialCPC=2025-07-14; "
        "Assessments AssessmentActualStartDate=2025-04-07 AssessmentAuthorisationDate=2025-05-09; "
        "ChildProtectionPlans CPPstartDate=2024-09-02 CPPendDate=2025-06-02; "
        "Reviews; CPPreviewDate 2024-12-02; CPPreviewDate 2025-06-02; "
        "CINPlanDates CINPlanStartDate=2025-06-02 CINPlanEndDate=2025-07-14; "
        "ChildProtectionPlans CPPstartDate=2025-07-14 NumberOfPreviousCPP=1; "
        "Reviews; CPPreviewDate 2025-10-06"
    ),
    "unborn": (
        "Child LAchildID=C1 PersonBirthDate= ExpectedPersonBirthDate=2026-05-20 {unborn} "
        "UPNunknown=UN1; Disability -; "
        "CINdetails CINreferralDate=2026-02-09; "
        "Assessments AssessmentActualStartDate=2026-02-10 AssessmentAuthorisationDate=2026-03-20"
    ),
    "no further action": (
        "Child LAchildID=C1 UPNunknown=UN7; Disability -; "
        "CINdetails CINreferralDate=2025-10-13 ReferralNFA=true PrimaryNeedCode="
    ),
    "died": (
        "Child LAchildID=C1 PersonDeathDate=2025-10-06; "
        "CINdetails CINclosureDate=2025-10-06 ReasonForClosure=RC2; "
        "Assessments; "
        "CINPlanDates CINPlanStartDate=2025-05-08 CINPlanEndDate=2025-06-05; "
        "Section47; "
        "ChildProtectionPlans CPPendDate=2025-10-06; Reviews; CPPreviewDate 2025-09-01"
    ),
    "closed after assessment": (
        "Child LAchildID=C1; "
        "CINdetails CINclosureDate=2025-06-10 ReasonForClosure=RC8; "
        "Assessments; AssessmentFactors 21"
    ),
}


@dataclass(frozen=True)
class Generated:
    """One file: what it is, and the census whose rules it is held to."""

    name: str
    year: int
    xml: str


class Change(NamedTuple):
    """Something done to an element of a scene, by its place in the order of the file."""

    said: str
    number: int
    how: str
    text: str = ""


@cache
def generated() -> tuple[Generated, ...]:
    """Every file, in the order in which they are named."""
    files = [*_of_situations(), *_of_scenes()]
    named = {file.name: file for file in files}
    assert len(named) == len(files), "two files have one name"
    return tuple(files)


def _of_situations() -> Iterator[Generated]:
    for one in situations():
        made = make(one.census)
        year = int(re.match(r"Census (\d+)|", one.census)[1] or 2026)
        if year <= LAST_YEAR:
            yield Generated(f"situation {one.code}: {one.title}", year, made.xml())


def _of_scenes() -> Iterator[Generated]:
    done: set[tuple[str, ...]] = set()
    for scene in SCENES:
        root = _scene(scene, LAST_YEAR)
        singles = list(_changes(root, LAST_YEAR, done))
        yield _file(scene, LAST_YEAR, root, ())
        for change in singles:
            yield _file(scene, LAST_YEAR, root, (change,))
        chance = random.Random(f"{SEED} {scene}")
        drawn = {tuple(sorted(chance.sample(range(len(singles)), 2))) for _ in range(TWO_CHANGES)}
        for one, other in sorted(drawn):
            if singles[one].number != singles[other].number:
                yield _file(scene, LAST_YEAR, root, (singles[one], singles[other]))
        for year in EARLIER_YEARS:
            root = _scene(scene, year)
            yield _file(scene, year, root, ())
            changes = list(_changes_of_a_year(root, year))
            random.Random(f"{SEED} {scene} {year}").shuffle(changes)
            for change in changes[:OF_AN_EARLIER_YEAR]:
                yield _file(scene, year, root, (change,))
    for year in (*EARLIER_YEARS, LAST_YEAR):
        yield from _of_the_return(year)


def _scene(scene: str, year: int) -> ElementTree.Element:
    unborn = "Sex=U" if year >= 2025 else "GenderCurrent=0"
    words = re.sub(
        r"\b(\d{4})(?=-\d\d-\d\d\b)",
        lambda found: str(int(found[1]) + year - LAST_YEAR),
        BEFORE + SCENES[scene].format(unborn=unborn),
    )
    return ElementTree.fromstring(make(f"Census {year}; {words}").xml())


def _file(
    scene: str, year: int, root: ElementTree.Element, changes: tuple[Change, ...]
) -> Generated:
    said = "; ".join(change.said for change in changes) or "as it is"
    return Generated(f"{year} {scene}: {said}", year, _written(_changed(root, changes)))


def _written(root: ElementTree.Element) -> str:
    return ElementTree.tostring(root, encoding="unicode")


def _changed(root: ElementTree.Element, changes: tuple[Change, ...]) -> ElementTree.Element:
    root = copy.deepcopy(root)
    elements = list(root.iter())
    above = {inner: element for element in elements for inner in element}
    for change in changes:
        element = elements[change.number]
        holder = above.get(element, root)
        place = list(holder).index(element) if element in list(holder) else None
        match change.how:
            case "say":
                element.text = change.text
            case "empty":
                element.text = None
                del element[:]
            case _ if place is None:  # the other change took away what holds it
                continue
            case "leave out":
                holder.remove(element)
            case "twice":
                holder.insert(place, copy.deepcopy(element))
            case "after the next":
                holder.remove(element)
                holder.insert(place + 1, element)
            case "last":
                holder.remove(element)
                holder.append(element)
            case "add":
                ElementTree.SubElement(element, change.text.split()[0]).text = change.text.split()[
                    1
                ]
    return root


def _changed_child(root: ElementTree.Element) -> ElementTree.Element:
    return root.findall("Children/Child")[1]


def _names(root: ElementTree.Element) -> dict[ElementTree.Element, str]:
    """What each element of the child is called: where it stands, and which of its name it is."""

    def inside(
        element: ElementTree.Element, path: str
    ) -> Iterator[tuple[ElementTree.Element, str]]:
        for inner in element:
            alike = [other for other in element if other.tag == inner.tag]
            which = f" {alike.index(inner) + 1}" if len(alike) > 1 else ""
            yield inner, f"{path}{inner.tag}{which}"
            yield from inside(inner, f"{path}{inner.tag}{which}/")

    return dict(inside(_changed_child(root), ""))


def _changes(root: ElementTree.Element, year: int, done: set[tuple[str, ...]]) -> Iterator[Change]:
    """Everything that is done to the child of a scene, one thing at a time.

    What a field may say besides is gone through once, and so are the orders of two dates that
    stand so to each other: `done` is what was gone through, for this scene and those before it.
    """
    number_of = {element: number for number, element in enumerate(root.iter())}
    names = _names(root)
    above = {inner: element for element in root.iter() for inner in element}
    for element, name in names.items():
        number, declared = number_of[element], ELEMENTS[element.tag]
        yield Change(f"{name} left out", number, "leave out")
        is_new = (element.tag,) not in done
        done.add((element.tag,))
        if is_new or isinstance(declared, Group):
            siblings = list(above[element])
            yield from _misplaced(name, number, declared, siblings[siblings.index(element) :])
        if isinstance(declared, Field):
            texts = list(_texts(declared, element.text or ""))[: None if is_new else 1]
            if declared.holds is Holds.DATE:
                texts += [day.isoformat() for day in _boundaries(element.tag, root, year)]
            for text in dict.fromkeys(texts):
                if text != element.text:
                    yield Change(f"{name} {text}", number, "say", text)
    yield from _reordered(names, number_of, above, done)
    yield from _additions(names, number_of, year)


def _misplaced(
    name: str, number: int, declared: Field | Group, onwards: list[ElementTree.Element]
) -> Iterator[Change]:
    """An element empty, twice and out of order; `onwards` are it and those that follow it."""
    yield Change(f"{name} empty", number, "empty")
    yield Change(f"{name} twice", number, "twice")
    if len(onwards) > 1 and onwards[1].tag != onwards[0].tag:
        yield Change(f"{name} after what follows", number, "after the next")
    if isinstance(declared, Group) and len(onwards) > 2:
        yield Change(f"{name} last", number, "last")


def _reordered(
    names: dict[ElementTree.Element, str],
    number_of: dict[ElementTree.Element, int],
    above: dict[ElementTree.Element, ElementTree.Element],
    done: set[tuple[str, ...]],
) -> Iterator[Change]:
    """One date on the day of another, and on the days before and after it."""
    dates = [element for element in names if _is_date(element)]
    for one, other in combinations(dates, 2):
        how_they_stand = (
            one.tag,
            other.tag,
            "in one group" if above[one] is above[other] else "in two",
            "in one episode" if _episode(names[one]) == _episode(names[other]) else "in two",
        )
        if how_they_stand in done:
            continue
        done.add(how_they_stand)
        for days, when in ((-1, "the day before"), (0, "on"), (1, "the day after")):
            day = date.fromisoformat(other.text) + timedelta(days=days)
            if day.isoformat() != one.text:
                said = f"{names[one]} {when} {names[other]}"
                yield Change(said, number_of[one], "say", day.isoformat())


def _is_date(element: ElementTree.Element) -> bool:
    declared = ELEMENTS[element.tag]
    return isinstance(declared, Field) and declared.holds is Holds.DATE


def _episode(name: str) -> str:
    return name.partition("/")[0] if name.startswith("CINdetails") else ""


def _changes_of_a_year(root: ElementTree.Element, year: int) -> Iterator[Change]:
    """Of those, what may be otherwise in an earlier census: what is there, its codes and days."""
    boundaries = {day.isoformat() for day in _days_of_the_year(year)}
    for change in _changes(root, year, set()):
        element = list(root.iter())[change.number]
        declared = ELEMENTS[element.tag]
        is_code = isinstance(declared, Field) and declared.holds is Holds.CODE
        if change.how == "leave out" or (
            change.how == "say" and (is_code or change.text in boundaries)
        ):
            yield change


def _days_of_the_year(year: int) -> tuple[date, ...]:
    census = Census(year)
    start, end = census.period_start, census.reference_date
    return (start - timedelta(days=1), start, end, end + timedelta(days=1))


def _boundaries(name: str, root: ElementTree.Element, year: int) -> Iterator[date]:
    """The days on which what a rule says of a date begins or ends to hold, and their neighbours."""
    census, day = Census(year), timedelta(days=1)
    start, end = census.period_start, census.reference_date
    days = [*_days_of_the_year(year)]
    if name in ("AssessmentActualStartDate", "S47ActualStartDate", "CINreferralDate"):
        for edge in (
            working_days_back(end, 45),
            working_days_back(end, 15),
            working_days_back(start, 1),
        ):
            days += [edge - day, edge, edge + day]
    if name in ("DateOfInitialCPC", "InitialCPCtarget"):
        friday = next(start + day * n for n in range(90, 97) if (start + day * n).weekday() == 4)
        days += [friday + day * n for n in range(4)]
    if name == "CINreferralDate":
        days += [date(2013, 3, 31), date(2013, 4, 1)]
    if name == "PersonBirthDate":
        for edge in (date(year - 6, 8, 31), date(year - 6, 3, 31), date(year - 25, 3, 31)):
            days += [edge - day, edge, edge + day]
    if name == "ExpectedPersonBirthDate":
        for edge in (end - 30 * day, date(year, 12, 31)):
            days += [edge - day, edge, edge + day]
    if name in ("PersonBirthDate", "ExpectedPersonBirthDate"):
        for referral in _changed_child(root).iter("CINreferralDate"):
            edge = date.fromisoformat(referral.text or "") + 280 * day
            days += [edge, edge + day]
    if name == "PersonBirthDate":
        for closure in _changed_child(root).iter("CINclosureDate"):
            edge = date.fromisoformat(closure.text or "")
            edge = edge.replace(year=edge.year - 25)
            days += [edge - day, edge, edge + day]
    yield from sorted(set(days))


_UPNS = (
    "P201123456789", "M20112345678A", "P20112345678A", "A201123456789", "U999123456789",
    "X942123456789", "P201X23456789", "P20112345", "M20112345678O", "p201123456789",
    "P2011234567890", "P201123456 89", "2201123456789",
)  # fmt: skip
_TEXTS = {
    "LAchildID": ("C123456789", "C1234567890", "C" * 20, "C" * 21, "C-1", "C 1", "É1", "c1"),
    "UPN": _UPNS,
    "FormerUPN": (*_UPNS, "X98765432123B", "X9876543212B", "X98765432123BB"),
}
_OF_KIND = {
    Holds.FLAG: ("0", "1", "true", "false", "TRUE", "yes"),
    Holds.NUMBER: ("0", "3", "12", "-1", "1.0", "two"),
}


def _texts(field: Field, now: str) -> Iterator[str]:
    """What else a field may say: what is none of its kind, and each of its codes."""
    if field.holds is Holds.DATE:
        day = date.fromisoformat(now)
        yield from (f"{day.year}-02-30", f"{day:%d/%m/%Y}", "not known", f"{now}T00:00:00")
        yield f"{now}Z"
    elif field.code_set:
        codes = [code.code for code in code_sets.listed(field.code_set)]
        yield from ("ZZ", codes[0].lower(), *codes)
    else:
        yield from _TEXTS.get(field.name, ()) or _OF_KIND.get(field.holds, ("?",))


def _additions(
    names: dict[ElementTree.Element, str], number_of: dict[ElementTree.Element, int], year: int
) -> Iterator[Change]:
    """Elements that a scene does not have, on the days and with the codes it might have had."""
    for element, name in names.items():
        absent: tuple[str, ...] = ()
        if element.tag == "ChildIdentifiers":
            absent = (
                f"PersonDeathDate {year - 1}-05-06", f"PersonDeathDate {year}-04-01",
                f"PersonBirthDate {year}-03-31", f"ExpectedPersonBirthDate {year}-05-01",
                "UPN P201123456789", "UPNunknown UN7", "UPNunknown UN1",
            )  # fmt: skip
        elif element.tag == "CINdetails":
            absent = (
                f"CINclosureDate {year - 1}-12-15", "ReasonForClosure RC8", "ReasonForClosure RC2",
                f"DateOfInitialCPC {year - 1}-06-05", "PrimaryNeedCode N3",
            )  # fmt: skip
        elif element.tag == "CINPlanDates":
            absent = (f"CINPlanEndDate {year}-03-01",)
        elif element.tag == "ChildProtectionPlans":
            absent = (f"CPPendDate {year}-03-02",)
        elif element.tag == "FactorsIdentifiedAtAssessment":
            absent = ("AssessmentFactors 21", "AssessmentFactors 18A", "AssessmentFactors 4A")
        for added in absent:
            tag = added.split()[0]
            if element.find(tag) is None or tag == "AssessmentFactors":
                yield Change(f"{name} with {added}", number_of[element], "add", added)


def _of_the_return(year: int) -> Iterator[Generated]:
    """What is of the return as a whole: its header, and what its children come to together."""
    root = _scene("on a plan", year)
    last = date(year, 3, 31)
    for path in ("Header", "Header/CollectionDetails", "Header/Source"):
        changed = copy.deepcopy(root)
        _parent(changed, path).remove(changed.find(path))
        yield Generated(f"{year} return: {path} left out", year, _written(changed))
    says = {
        "Collection": ("", "CLA"),
        "Year": ("", str(year + 1), str(year - 1), "last"),
        "ReferenceDate": (
            "", f"{year}-03-30", f"{year}-04-01", f"{year - 1}-03-31", f"{last:%d/%m/%Y}",
            f"{last}T00:00:00", "not known",
        ),
    }  # fmt: skip
    for name, texts in says.items():
        path = f"Header/CollectionDetails/{name}"
        changed = copy.deepcopy(root)
        _parent(changed, path).remove(changed.find(path))
        yield Generated(f"{year} return: {name} left out", year, _written(changed))
        for text in texts:
            changed = copy.deepcopy(root)
            changed.find(path).text = text
            yield Generated(f"{year} return: {name} {text or 'empty'}", year, _written(changed))
    for said, words in _RETURNS.items():
        xml = make(f"Census {year}; {_moved(words, year)}").xml()
        yield Generated(f"{year} return: {said}", year, xml)
    bare = ElementTree.fromstring(make(f"Census {year}; Child").xml())
    bare.find("Children").clear()
    yield Generated(f"{year} return: no children", year, _written(bare))


def _parent(root: ElementTree.Element, path: str) -> ElementTree.Element:
    above = path.rpartition("/")[0]
    found = root.find(above) if above else root
    assert found is not None
    return found


def _moved(words: str, year: int) -> str:
    return re.sub(
        r"\b(\d{4})(?=-\d\d-\d\d\b)", lambda found: str(int(found[1]) + year - LAST_YEAR), words
    )


_SEVEN = "; ".join(
    f"Child; Disability {code}" for code in ("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR")
)
_RETURNS = {
    "one child": "Child",
    "two children with one identifier": "Child LAchildID=C1; Child LAchildID=C1",
    "three children, two with one identifier": (
        "Child LAchildID=C1; Child LAchildID=C2; Child LAchildID=C1"
    ),
    "two children with one UPN": "Child UPN=P201123456789; Child UPN=P201123456789",
    "two children without an identifier": "Child LAchildID=; Child LAchildID=",
    "seven disabilities": _SEVEN,
    "seven disabilities and none": f"{_SEVEN}; Child; Disability NONE",
    "eight disabilities": f"{_SEVEN}; Child; Disability VIS",
    "eight disabilities, one child with two": f"{_SEVEN}; Disability VIS",
    "eight disabilities, one unknown": f"{_SEVEN}; Child; Disability ZZ",
    "a child with one disability twice": "Child; Disability LD; Disability LD",
    "a child with a disability and none": "Child; Disability LD; Disability NONE",
    "one plan and no conference": "Child; ChildProtectionPlans",
    "one plan and its conference": "Child; Section47; ChildProtectionPlans",
    "two plans and one conference": (
        "Child; Section47; ChildProtectionPlans; Child; ChildProtectionPlans"
    ),
    "a plan and a conference on a transfer in": (
        "Child; CINdetails DateOfInitialCPC=2025-06-05; ChildProtectionPlans"
    ),
    "a plan that started before the year": (
        "Child; CINdetails CINreferralDate=2024-06-03; ChildProtectionPlans CPPstartDate=2024-07-01"
    ),
    "one in fifty of no known sex": "49 Child; Child Sex=U GenderCurrent=0",
    "one in forty-nine of no known sex": "48 Child; Child Sex=U GenderCurrent=0",
    "one in forty-nine without a sex": "48 Child; Child Sex= GenderCurrent=",
    "one in forty-nine is not yet born": (
        "48 Child; Child Sex=U GenderCurrent=0 PersonBirthDate= ExpectedPersonBirthDate=2026-05-01"
    ),
}

"""Where the sector's open validator answers otherwise than we do, and why: each said once.

`DIFFERENCES` is the declaration. Each says of which rules it is, which way round, and how a case of
it is recognised in a file: a disagreement that none recognises fails the test, and so does one that
recognises no disagreement. `docs/cin-differences.md` is written from it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from xml.etree import ElementTree

from harbourlight.returns.cin.conditions import Census, working_days_back
from tests.returns.cin.generated import Generated

FOUND, NOT_FOUND, FAILS, STOPS = "found", "not found", "fails", "stops"
EITHER = "either way"
"""What one of the two answers of a rule. `FAILS`: the rule stopped with an error, and is left out
for every child. `STOPS`: the validator did, and answers nothing of the file."""


@dataclass(frozen=True)
class Case:
    """A rule, in one file, of which the two answer differently about a child, or the return."""

    file: Generated
    rule: str
    child: str | None
    ours: str
    theirs: str

    @property
    def said(self) -> str:
        """It in words."""
        whom = f"child {self.child}" if self.child else "the return"
        return f"{self.file.name}: rule {self.rule} of {whom}: {self.ours} by us, {self.theirs}"

    @cached_property
    def root(self) -> ElementTree.Element:
        """The file as elements."""
        return ElementTree.fromstring(self.file.xml)

    @cached_property
    def children(self) -> list[ElementTree.Element]:
        """Those with the identifier in question; all of them where it is of none."""
        children = list(self.root.iter("Child"))
        alike = [one for one in children if (one.findtext(".//LAchildID") or None) == self.child]
        return alike if self.child is not None else children

    @cached_property
    def census(self) -> Census:
        """The census whose rules the file is held to."""
        return Census(self.file.year)

    def parts(self, name: str) -> list[ElementTree.Element]:
        """Every element of a name, of the child or children in question."""
        return [part for child in self.children for part in child.iter(name)]

    def texts(self, name: str) -> list[str]:
        """What the elements of a name say."""
        return [part.text or "" for part in self.parts(name)]

    def days(self, name: str) -> list[date]:
        """The days that the elements of a name give, as far as they give any."""
        return [day for text in self.texts(name) if (day := _day(text))]

    def episodes_with(self, *names: str) -> list[ElementTree.Element]:
        """The episodes that have one of each of some elements."""
        return [
            episode
            for episode in self.parts("CINdetails")
            if all(episode.find(f".//{name}") is not None for name in names)
        ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _part_day(part: ElementTree.Element, name: str) -> date | None:
    return _day(part.findtext(name) or "")


Recognises = Callable[[Case], bool]


@dataclass(frozen=True)
class Difference:
    """One way in which the answers differ. No rules: it may be of any."""

    rules: tuple[str, ...]
    ours: str
    theirs: str
    why: str
    where: Recognises

    def explains(self, case: Case) -> bool:
        """Whether a disagreement is one of these."""
        return (
            (not self.rules or case.rule in self.rules)
            and self.ours in (EITHER, case.ours)
            and self.theirs in (EITHER, case.theirs)
            and self.where(case)
        )


def _rule(code: str, ours: str, theirs: str, why: str, where: Recognises) -> Difference:
    return Difference((code,), ours, theirs, why, where)


# ---- How a case is recognised ------------------------------------------------------------


def _any_text(names: str, pattern: str) -> Recognises:
    """One of some elements says something of this form."""
    return lambda case: any(
        re.fullmatch(pattern, text) for name in names.split() for text in case.texts(name)
    )


def _any_date_written(pattern: str) -> Recognises:
    """Some date of the child, or the header's, is written in this form."""

    def where(case: Case) -> bool:
        header = case.root.findtext(".//ReferenceDate") or ""
        texts = [part.text or "" for child in case.children for part in child.iter()]
        return any(re.fullmatch(pattern, text) for text in (*texts, header))

    return where


def _reference_date_is_otherwise(case: Case) -> bool:
    said = case.root.findtext(".//ReferenceDate") or ""
    return said[:10] != case.census.reference_date.isoformat()


def _lacks_a_group(case: Case) -> bool:
    needed = ("ChildIdentifiers", "ChildCharacteristics")
    return any(
        child.find(name) is None for child in case.root.iter("Child") for name in needed
    ) or not all(child.findtext(".//LAchildID") for child in case.root.iter("Child"))


def _one_identifier_twice(case: Case) -> bool:
    identifiers = [child.findtext(".//LAchildID") for child in case.children]
    return len(identifiers) > len(set(identifiers))


def _group_twice(case: Case) -> bool:
    once = ("ChildIdentifiers", "ChildCharacteristics", "Disabilities", "Reviews",
            "FactorsIdentifiedAtAssessment")  # fmt: skip
    return any(
        len(part.findall(name)) > 1 for child in case.children for part in child.iter()
        for name in once
    )  # fmt: skip


def _open_plans(case: Case, name: str, end: str) -> int:
    return sum(_part_day(part, end) is None for part in case.parts(name))


DIFFERENCES: tuple[Difference, ...] = (
    # ---- Of any rule ----
    Difference(
        (),
        EITHER,
        STOPS,
        "It stops with an error, and says nothing of any child, where one has no identifier, no "
        "ChildIdentifiers or no ChildCharacteristics, and where there is no header",
        lambda case: _lacks_a_group(case) or case.root.find("Header") is None,
    ),
    Difference(
        (),
        EITHER,
        EITHER,
        "It takes the days of the year from the header's ReferenceDate, whatever that says. They "
        "are the census year's: rule 100 says that the header is wrong",
        _reference_date_is_otherwise,
    ),
    Difference(
        (),
        EITHER,
        EITHER,
        "It reads 06/05/2025 as 5 June where it can be read so. It is 6 May, and is told of as "
        "written otherwise than the schema has it",
        _any_date_written(r"\d\d/\d\d/\d{4}"),
    ),
    Difference(
        (),
        EITHER,
        EITHER,
        "A date with a time zone, as 2025-05-06Z, it does not read; or it stops with an error in "
        "each rule that compares it",
        _any_date_written(r"\d{4}-\d\d-\d\dZ"),
    ),
    Difference(
        (),
        EITHER,
        EITHER,
        "Children with one identifier are one child to it. They are two, of whom rule 8510 tells",
        _one_identifier_twice,
    ),
    Difference(
        (),
        EITHER,
        EITHER,
        "Of a group that stands twice where it may stand once it reads the first. We read the two "
        "as one, so that nothing in the second is hidden",
        _group_twice,
    ),
    Difference(
        (),
        EITHER,
        EITHER,
        "Of a child without an identifier it does not tell what is the child's, and finds what is "
        "not so",
        lambda case: (
            case.child is None
            and not all(child.findtext(".//LAchildID") for child in case.children)
        ),
    ),
    # ---- Pupil numbers and identifiers ----
    _rule(
        "1510",
        FOUND,
        NOT_FOUND,
        "It sums figures only; the rule's sum takes a letter in place 13 by its place among the "
        "letters",
        _any_text("UPN", r".{12}[A-Z]"),
    ),
    _rule(
        "1540",
        FOUND,
        NOT_FOUND,
        "It looks at the characters there are; places 5 to 12 of a UPN of nine characters are not "
        "all figures",
        _any_text("UPN", r".{1,11}"),
    ),
    _rule(
        "1550",
        FOUND,
        NOT_FOUND,
        "There is no character 13 to be recognised, and it finds none that is wrong",
        _any_text("UPN", r".{1,12}"),
    ),
    _rule(
        "1560",
        NOT_FOUND,
        FOUND,
        "It wants a figure at the end; the rule allows a letter",
        _any_text("FormerUPN", r"[A-Za-z]\d{11}[A-Za-z]"),
    ),
    _rule(
        "1580",
        FOUND,
        NOT_FOUND,
        "It takes letters of any alphabet; we take the letters and figures that the collection's "
        "identifiers are made of",
        lambda case: not (case.child or "").isascii(),
    ),
    # ---- The child ----
    _rule(
        "8530",
        NOT_FOUND,
        FOUND,
        "It leaves out the first and the last day of the range",
        lambda case: bool(
            {case.census.reference_date - timedelta(days=30), date(case.file.year, 12, 31)}
            & set(case.days("ExpectedPersonBirthDate"))
        ),
    ),
    _rule(
        "8535",
        NOT_FOUND,
        FOUND,
        "It finds a date of death without a date of birth, which the rule does not speak of",
        lambda case: not case.days("PersonBirthDate"),
    ),
    _rule(
        "8540",
        FOUND,
        NOT_FOUND,
        "It joins its tables by row and not by child, and never finds one",
        lambda case: bool(case.days("PersonBirthDate") and case.episodes_with("ReferralNFA")),
    ),
    _rule(
        "8770",
        NOT_FOUND,
        FOUND,
        "Before 2024/25 it counts the child who is six on the reference date as older",
        lambda case: date(case.file.year - 6, 3, 31) in case.days("PersonBirthDate"),
    ),
    _rule(
        "8790",
        NOT_FOUND,
        FOUND,
        "It takes none for NONE. A code is written in capitals: rule 8540 tells of it",
        _any_text("Disability", "none"),
    ),
    # ---- The return ----
    _rule(
        "2886",
        FOUND,
        NOT_FOUND,
        "Before 2024/25 it asks whether the code 0 is the number nought, which a text never is",
        lambda case: case.file.year <= 2024,
    ),
    _rule(
        "2886",
        NOT_FOUND,
        FAILS,
        "It stops with an error where there is no child to have a share of",
        lambda case: not case.children,
    ),
    Difference(
        ("2887",),
        EITHER,
        EITHER,
        "It keeps the rows that say NONE, and counts rows and not codes",
        lambda case: (case.texts("Disability").count("NONE") <= 7) == (case.theirs == FOUND),
    ),
    _rule(
        "2888",
        FOUND,
        NOT_FOUND,
        "Where no child has a disability it finds nothing, though the rule wants a child with two; "
        "and it counts codes that are none",
        lambda case: (
            not set(case.texts("Disability")) - {"NONE"}
            or not set(case.texts("Disability")) <= case.census.codes("disability")
        ),
    ),
    # ---- Episodes ----
    _rule(
        "8568",
        FOUND,
        NOT_FOUND,
        "It takes a flag in capitals. The schema's flags are true and false, in small letters, and "
        "1 and 0",
        _any_text("ReferralNFA", "TRUE"),
    ),
    _rule(
        "8569",
        NOT_FOUND,
        FOUND,
        "Its working days count the first day as one: one working day before 1 April is 1 April",
        lambda case: any(
            working_days_back(case.census.period_start, 1) <= day < case.census.period_start
            for day in case.days("CINreferralDate")
        ),
    ),
    _rule(
        "8565",
        FOUND,
        NOT_FOUND,
        "It compares the end of a child protection plan with one row written into its code",
        lambda case: any(
            day > closed
            for episode in case.episodes_with("CINclosureDate", "CPPendDate")
            if (closed := _part_day(episode, "CINclosureDate"))
            for plan in episode.iter("ChildProtectionPlans")
            if (day := _part_day(plan, "CPPendDate"))
        ),
    ),
    _rule(
        "8565",
        FOUND,
        FAILS,
        "It stops with an error where a CIN plan starts or ends after the episode was closed, and "
        "the rule is left out for every child",
        lambda case: any(
            day > closed
            for episode in case.root.iter("CINdetails")
            if (closed := _part_day(episode, "CINclosureDate"))
            for plan in episode.iter("CINPlanDates")
            for name in ("CINPlanStartDate", "CINPlanEndDate")
            if (day := _part_day(plan, name))
        ),
    ),
    _rule(
        "8816",
        NOT_FOUND,
        FOUND,
        "Of two episodes referred on one day it takes the first alone for the latest",
        lambda case: len(case.days("CINreferralDate")) > len(set(case.days("CINreferralDate"))),
    ),
    _rule(
        "8820",
        FOUND,
        NOT_FOUND,
        "It leaves the reference date out of the days of an episode that is open",
        lambda case: case.census.reference_date in case.days("CINreferralDate"),
    ),
    _rule(
        "8832",
        FOUND,
        NOT_FOUND,
        "It joins its tables by row and not by child, and finds it of the first of a file alone",
        lambda case: case.child != next(case.root.iter("LAchildID")).text,
    ),
    _rule(
        "8772",
        NOT_FOUND,
        FOUND,
        "It finds a child who has no episode, of whom rule 8590 tells",
        lambda case: not case.parts("CINdetails"),
    ),
    # ---- Assessments ----
    _rule(
        "8614",
        FOUND,
        FAILS,
        "It stops with an error where factors are found, and the rule is left out for every child",
        lambda case: any(
            part.find(".//AssessmentFactors") is not None
            and not _part_day(part, "AssessmentAuthorisationDate")
            for part in case.root.iter("Assessments")
        ),
    ),
    _rule(
        "8670",
        NOT_FOUND,
        FOUND,
        "Its working days count the reference date as one, so that it finds the 45th before it",
        lambda case: any(
            working_days_back(case.census.reference_date, 45)
            <= day
            < working_days_back(case.census.reference_date, 44)
            for day in case.days("AssessmentActualStartDate")
        ),
    ),
    _rule(
        "8863",
        FOUND,
        NOT_FOUND,
        "Assessments with the same start and end are taken for one",
        lambda case: (
            len(case.days("AssessmentActualStartDate"))
            > len(set(case.days("AssessmentActualStartDate")))
        ),
    ),
    Difference(
        ("8869", "8945", "8950"),
        FOUND,
        NOT_FOUND,
        "It compares a list of factors with one",
        _any_text("AssessmentFactors", "21|18A|19A"),
    ),
    _rule(
        "8873",
        NOT_FOUND,
        FOUND,
        "It finds the factor 21 among others too; the rule is of the assessment whose factor it is",
        lambda case: any(
            len(part.findall(".//AssessmentFactors")) > 1
            and "21" in [factor.text for factor in part.iter("AssessmentFactors")]
            for part in case.parts("Assessments")
        ),
    ),
    Difference(
        ("8897", "8898"),
        EITHER,
        FAILS,
        "It stops with an error wherever it finds something of an assessment that has factors",
        lambda case: bool(case.parts("AssessmentFactors")),
    ),
    _rule(
        "8897",
        FOUND,
        NOT_FOUND,
        "It takes 18A and 19A for factors after 2023/24, the last census that has them",
        _any_text("AssessmentFactors", "18A|19A"),
    ),
    # ---- CIN plans ----
    _rule(
        "4001",
        FOUND,
        NOT_FOUND,
        "It passes over a CIN plan whose start is not said; the rule is of one that has not ended",
        lambda case: any(
            not _part_day(part, "CINPlanStartDate") for part in case.parts("CINPlanDates")
        ),
    ),
    _rule(
        "4003",
        FOUND,
        NOT_FOUND,
        "It passes over plans that have not ended, of both kinds, and over the last day of a CIN "
        "plan; the rule takes a plan that has not ended to the reference date",
        lambda case: bool(
            _open_plans(case, "CINPlanDates", "CINPlanEndDate")
            or _open_plans(case, "ChildProtectionPlans", "CPPendDate")
            or set(case.days("CINPlanEndDate")) & set(case.days("CPPreviewDate"))
        ),
    ),
    _rule(
        "4004",
        FOUND,
        NOT_FOUND,
        "It looks within one episode; the rule is of the child",
        lambda case: len(case.episodes_with("CINPlanDates")) > 1,
    ),
    # ---- Section 47 enquiries ----
    _rule(
        "2884",
        NOT_FOUND,
        FOUND,
        "It compares across the child; a conference on a transfer in and one after an enquiry are "
        "compared within their episode",
        lambda case: len(case.parts("CINdetails")) > 1,
    ),
    _rule(
        "8675",
        NOT_FOUND,
        FOUND,
        "Its working days count the reference date as one, so that it finds the 15th before it",
        lambda case: any(
            working_days_back(case.census.reference_date, 15)
            <= day
            < working_days_back(case.census.reference_date, 14)
            for day in case.days("S47ActualStartDate")
        ),
    ),
    _rule(
        "8715",
        FOUND,
        NOT_FOUND,
        "It looks at conferences after enquiries only; the rule is of both",
        lambda case: any(
            not case.census.period_start <= day <= case.census.reference_date
            for episode in case.parts("CINdetails")
            if (day := _part_day(episode, "DateOfInitialCPC"))
        ),
    ),
    _rule(
        "8740",
        FOUND,
        NOT_FOUND,
        "It knows a flag of 0 and not one of false, and passes over an enquiry whose start is not "
        "said, which is not in the year",
        lambda case: any(
            part.findtext("ICPCnotRequired") == "false" or not _part_day(part, "S47ActualStartDate")
            for part in case.parts("Section47")
        ),
    ),
    _rule(
        "8868",
        NOT_FOUND,
        FOUND,
        "It finds a conference held although none was required, which the rule does not speak of",
        lambda case: any(
            part.findtext("ICPCnotRequired") in ("1", "true") and part.findtext("DateOfInitialCPC")
            for part in case.parts("Section47")
        ),
    ),
    _rule(
        "8870",
        FOUND,
        NOT_FOUND,
        "It reads target dates as day first, so that none is a date",
        lambda case: any(day.weekday() >= 5 for day in case.days("InitialCPCtarget")),
    ),
    _rule(
        "8890",
        FOUND,
        NOT_FOUND,
        "Enquiries with the same start and conference are taken for one",
        lambda case: (
            len(case.days("S47ActualStartDate")) > len(set(case.days("S47ActualStartDate")))
        ),
    ),
    # ---- Child protection plans ----
    _rule(
        "2885",
        NOT_FOUND,
        FOUND,
        "It leaves out enquiries with ICPCnotRequired 1, and what conference they have; the rule "
        "speaks of the conference alone",
        _any_text("ICPCnotRequired", "1"),
    ),
    _rule(
        "8730",
        FOUND,
        FAILS,
        "It stops with an error where one is not a whole number, and the rule is left out for "
        "every child",
        _any_text("NumberOfPreviousCPP", r".*\D.*"),
    ),
    _rule(
        "8841",
        FOUND,
        NOT_FOUND,
        "It reads the first review of a plan alone",
        lambda case: any(len(part) > 1 for part in case.parts("Reviews")),
    ),
    _rule(
        "8842",
        FOUND,
        NOT_FOUND,
        "It sees the first review of a plan alone, and not a group that holds none",
        lambda case: any(
            not all(_day(one.text or "") for one in list(part) or [part])
            for part in case.parts("Reviews")
        ),
    ),
    _rule(
        "8935",
        FOUND,
        NOT_FOUND,
        "It compares a plan with itself",
        lambda case: _open_plans(case, "ChildProtectionPlans", "CPPendDate") > 1,
    ),
    _rule(
        "8940",
        FOUND,
        NOT_FOUND,
        "Plans are numbered within their episodes, and two of other episodes are taken for one",
        lambda case: len(case.episodes_with("ChildProtectionPlans")) > 1,
    ),
)

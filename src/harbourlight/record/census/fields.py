"""Where in the live record each field of a census is read, declared once.

A finding tells an element, and the row of the dataset that it lies in (`Built.places`). Rows of the
dataset go by the record's own identifiers, so the two say which page shows the field and which part
of that page. Where the row is another thing's, because the field is wanting and nothing holds it,
they say where it would stand. This asks the database nothing: whether somebody may open the page,
and mend what they read there, is the page's to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from harbourlight.returns.cin.elements import (
    ASSESSMENTS,
    CIN_PLANS,
    PROTECTION_PLANS,
    SECTION_47,
    Field,
    Group,
)

_CHILD, _DETAILS = "people:child", "people:details"
_EPISODE, _ASSESSMENT = "episodes:episode", "assessment:assessment"


@dataclass(frozen=True, slots=True)
class Spot:
    """Part of a page of the record.

    `page` is the name of an address. It is of the row where `of_row` says so, else of the child.
    `anchor` is the id of what shows the field there; `{row}` in it is the row's identifier.
    """

    page: str
    anchor: str = ""
    of_row: bool = False

    def address(self, child: str, row: str) -> str:
        """Its address for a child, and for a row where it has one."""
        page = reverse(self.page, args=[row if self.of_row else child])
        anchor = quote(self.anchor.format(row=row), safe="")
        return f"{page}#{anchor}" if anchor else page


OVERVIEW = Spot(_CHILD)
"""What is of the return, or that our census never has: the child's page, as no field is at fault.

It is also the place of what is not known here at all.
"""

EPISODES = Spot(_CHILD, "episodes")
ASSESSED, PLANNED, PROTECTED = (
    Spot(_CHILD, anchor) for anchor in ("assessments", "plans", "protection")
)
"""The parts of the child's page that list them, where a row of another kind lacks one."""

_ON_EPISODE = Spot(_EPISODE, "assessments", of_row=True)

ROWS: dict[str, Spot] = {
    "ssd_person": Spot(_DETAILS, "about"),
    "ssd_linked_identifiers": Spot(_DETAILS, "identifiers-{row}"),
    "ssd_disability": Spot(_DETAILS, "disabilities-{row}"),
    "ssd_cin_episodes": Spot(_EPISODE, "referral", of_row=True),
    "ssd_cin_assessments": Spot(_ASSESSMENT, "when", of_row=True),
    "hl_assessments": Spot(_ASSESSMENT, "when", of_row=True),
    "ssd_assessment_factors": Spot(_ASSESSMENT, "factors", of_row=True),
    "ssd_cin_plans": Spot(_CHILD, "plan-{row}"),
    "ssd_s47_enquiry": Spot(_CHILD, "enquiry-{row}"),
    "hl_s47_enquiries": Spot(_CHILD, "enquiry-{row}"),
    "ssd_initial_cp_conference": Spot(_CHILD, "conference-{row}"),
    "ssd_cp_plans": Spot(_CHILD, "protection-plan-{row}"),
    "hl_cp_plans": Spot(_CHILD, "protection-plan-{row}"),
    "ssd_cp_reviews": Spot(_CHILD, "review-{row}"),
}
"""Where a row of each table that a census is made from is read."""

_PERSON, _REFERRAL = ("ssd_person",), ("ssd_cin_episodes",)
_ASSESSMENT_ROWS = ("ssd_cin_assessments", "hl_assessments", "ssd_assessment_factors")
_ENQUIRY_ROWS = ("ssd_s47_enquiry", "hl_s47_enquiries", "ssd_initial_cp_conference")
_PROTECTION_ROWS = ("ssd_cp_plans", "hl_cp_plans", "ssd_cp_reviews")


@dataclass(frozen=True, slots=True)
class Shown:
    """Where an element is read.

    `tables` are those whose rows it is part of: for them, at `at` where it is given, else where the
    row is. `wanting` is where it would stand when what it belongs to is not there, and `beside` the
    same for a row of one of these tables.
    """

    tables: tuple[str, ...]
    wanting: Spot
    at: Spot | None = None
    beside: tuple[str, Spot] | None = None

    def spot(self, table: str, row: str) -> Spot:
        """Where it is for a row of a table; the row may be empty."""
        if row and table in self.tables:
            return self.at or ROWS[table]
        if row and self.beside and table == self.beside[0]:
            return self.beside[1]
        return self.wanting


def _about(anchor: str) -> Shown:
    return Shown(_PERSON, Spot(_DETAILS, anchor), at=Spot(_DETAILS, anchor))


def _number() -> Shown:
    return Shown(("ssd_linked_identifiers",), Spot(_DETAILS, "identifiers"))


def _of_referral(anchor: str) -> Shown:
    return Shown(_REFERRAL, EPISODES, at=Spot(_EPISODE, anchor, of_row=True))


def _of_assessment(anchor: str) -> Shown:
    at = Spot(_ASSESSMENT, anchor, of_row=True)
    return Shown(_ASSESSMENT_ROWS, ASSESSED, at, (*_REFERRAL, _ON_EPISODE))


_DISABILITY = Shown(("ssd_disability",), Spot(_DETAILS, "disabilities"))
_PLAN = Shown(("ssd_cin_plans",), PLANNED)
_ENQUIRY = Shown(_ENQUIRY_ROWS, PROTECTED)
_PROTECTION = Shown(_PROTECTION_ROWS, PROTECTED)


def _each(group: Group, shown: Shown) -> Iterator[tuple[str, Shown]]:
    """A group, and everything in it, shown alike."""
    yield group.name, shown
    for member in group.members:
        if isinstance(member, Field):
            yield member.name, shown
        else:
            yield from _each(member, shown)


FIELDS: dict[str, Shown] = {
    "Child": _about("about"),
    "ChildIdentifiers": _about("about"),
    "LAchildID": _about("about"),
    "UPN": _number(),
    "FormerUPN": _number(),
    "UPNunknown": _about("about-pupil-number"),
    "PersonBirthDate": _about("about-born"),
    "ExpectedPersonBirthDate": _about("about-expected"),
    "GenderCurrent": _about("about-sex"),
    "Sex": _about("about-sex"),
    "PersonDeathDate": _about("about-died"),
    "ChildCharacteristics": _about("about-ethnicity"),
    "Ethnicity": _about("about-ethnicity"),
    "Disabilities": _DISABILITY,
    "Disability": _DISABILITY,
    "CINdetails": Shown(_REFERRAL, EPISODES),
    "CINreferralDate": _of_referral("referred"),
    "ReferralSource": _of_referral("source"),
    "PrimaryNeedCode": _of_referral("need"),
    "CINclosureDate": _of_referral("closed"),
    "ReasonForClosure": _of_referral("closed"),
    "ReferralNFA": _of_referral("no-further-action"),
    **dict(_each(ASSESSMENTS, _of_assessment("when"))),
    "AssessmentActualStartDate": _of_assessment("started"),
    "AssessmentInternalReviewDate": _of_assessment("review"),
    "AssessmentAuthorisationDate": _of_assessment("authorised"),
    "FactorsIdentifiedAtAssessment": _of_assessment("factors"),
    "AssessmentFactors": _of_assessment("factors"),
    **dict(_each(CIN_PLANS, _PLAN)),
    **dict(_each(SECTION_47, _ENQUIRY)),
    **dict(_each(PROTECTION_PLANS, _PROTECTION)),
}
"""Where each element is read. What is not here has its row's place, or `OVERVIEW`."""


def page_of(child: str, element: str, *, table: str = "", row: str = "") -> str:
    """The address at which a child's field is read: a page of the record, and the part of it.

    `table` and `row` are those of `Place`: the row of the dataset in which the finding lies. Any
    element has an address: one that is not the child's at all opens the child's page.
    """
    return _spot(element, table, row).address(child, row)


def _spot(element: str, table: str, row: str) -> Spot:
    if shown := FIELDS.get(element):
        return shown.spot(table, row)
    return ROWS.get(table, OVERVIEW) if row else OVERVIEW

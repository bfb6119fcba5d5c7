"""The elements of a children in need census, declared once, in the order its schema has them.

Reading, the checks of structure, the tables that rules are written over and the census we build
follow from these declarations. They say what may stand where; what a value must be is for rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property


class Holds(Enum):
    """What the text of an element is."""

    TEXT = "text"
    CODE = "a code"
    DATE = "a date"
    INSTANT = "a date and time"
    FLAG = "yes or no"
    NUMBER = "a whole number"
    YEAR = "a year"


@dataclass(frozen=True, slots=True)
class Field:
    """An element that holds a value.

    `since` and `until` are the first and last census that has it. `needed` and `many` are the
    schema's: whether its group must hold it, and whether it may be repeated. A field that may be
    repeated is a table of its own.
    """

    name: str
    holds: Holds = Holds.TEXT
    code_set: str = ""
    needed: bool = False
    many: bool = False
    since: int | None = None
    until: int | None = None

    def is_in(self, year: int) -> bool:
        """Whether the census of a year has this element."""
        return (self.since is None or self.since <= year) and (
            self.until is None or year <= self.until
        )


@dataclass(frozen=True, slots=True)
class Group:
    """An element that holds others, in this order. `until` and the rest are as a field's."""

    name: str
    members: tuple["Field | Group", ...]
    needed: bool = False
    many: bool = False
    since: int | None = None
    until: int | None = None

    def is_in(self, year: int) -> bool:
        """Whether the census of a year has this element."""
        return self.since is None or self.since <= year

    def fields(self) -> Iterator[Field]:
        """The fields of this group itself, once each."""
        for member in self.members:
            if isinstance(member, Field) and not member.many:
                yield member


def _date(name: str, *, needed: bool = False, many: bool = False) -> Field:
    return Field(name, Holds.DATE, needed=needed, many=many)


HEADER = Group(
    "Header",
    (
        Group(
            "CollectionDetails",
            (
                Field("Collection", Holds.CODE),
                Field("Year", Holds.YEAR),
                _date("ReferenceDate"),
            ),
        ),
        Group(
            "Source",
            (
                Field("SourceLevel", Holds.CODE),
                Field("LEA", Holds.TEXT, needed=True),
                Field("SoftwareCode"),
                Field("Release"),
                Field("SerialNo"),
                Field("DateTime", Holds.INSTANT),
            ),
            many=True,
        ),
    ),
)

ASSESSMENTS = Group(
    "Assessments",
    (
        _date("AssessmentActualStartDate", needed=True),
        _date("AssessmentInternalReviewDate"),
        _date("AssessmentAuthorisationDate"),
        Group(
            "FactorsIdentifiedAtAssessment",
            (Field("AssessmentFactors", Holds.CODE, "assessment_factor", needed=True, many=True),),
        ),
    ),
    many=True,
)

CIN_PLANS = Group(
    "CINPlanDates",
    (_date("CINPlanStartDate", needed=True), _date("CINPlanEndDate")),
    many=True,
)

SECTION_47 = Group(
    "Section47",
    (
        _date("S47ActualStartDate", needed=True),
        _date("InitialCPCtarget"),
        _date("DateOfInitialCPC"),
        Field("ICPCnotRequired", Holds.FLAG, needed=True),
    ),
    many=True,
)

PROTECTION_PLANS = Group(
    "ChildProtectionPlans",
    (
        _date("CPPstartDate", needed=True),
        _date("CPPendDate"),
        Field("InitialCategoryOfAbuse", Holds.CODE, "category_of_abuse", needed=True),
        Field("LatestCategoryOfAbuse", Holds.CODE, "category_of_abuse", needed=True),
        Field("NumberOfPreviousCPP", Holds.NUMBER, needed=True),
        Group("Reviews", (_date("CPPreviewDate", needed=True, many=True),)),
    ),
    many=True,
)

PRE_PROCEEDINGS = Group(
    "PreProceedingsandFGDM",
    (
        _date("PPStartDate"),
        _date("LBPSentDate"),
        Field("FGDMMeetingOffer", Holds.FLAG),
        Field("FGDMMeetingFac", Holds.FLAG),
        _date("InitialPPMeetingDate"),
        Field("ReviewMeetingsCount", Holds.NUMBER),
        _date("StepDecisionDate"),
        Field("PPOutcome", Holds.CODE),
        _date("CourtAppDate"),
        _date("LetterInitCPDate"),
    ),
    many=True,
    since=2027,
)

CIN_DETAILS = Group(
    "CINdetails",
    (
        _date("CINreferralDate", needed=True),
        Field("ReferralSource", Holds.CODE, "referral_source", needed=True),
        Field("PrimaryNeedCode", Holds.CODE, "primary_need"),
        _date("CINclosureDate"),
        Field("ReasonForClosure", Holds.CODE, "closure_reason"),
        _date("DateOfInitialCPC"),
        ASSESSMENTS,
        CIN_PLANS,
        SECTION_47,
        Field("ReferralNFA", Holds.FLAG, needed=True),
        PROTECTION_PLANS,
        PRE_PROCEEDINGS,
    ),
    needed=True,
    many=True,
)

CHILD = Group(
    "Child",
    (
        Group(
            "ChildIdentifiers",
            (
                Field("LAchildID", needed=True),
                Field("UPN"),
                Field("FormerUPN"),
                Field("UPNunknown", Holds.CODE, "upn_unknown"),
                _date("PersonBirthDate"),
                _date("ExpectedPersonBirthDate"),
                Field(
                    "GenderCurrent",
                    Holds.CODE,
                    "gender_before_2024_25",
                    needed=True,
                    until=2024,
                ),
                Field("Sex", Holds.CODE, "sex", needed=True, since=2025),
                _date("PersonDeathDate"),
            ),
            needed=True,
        ),
        Group(
            "ChildCharacteristics",
            (
                Field("Ethnicity", Holds.CODE, "ethnicity", needed=True),
                Group(
                    "Disabilities",
                    (Field("Disability", Holds.CODE, "disability", needed=True, many=True),),
                ),
            ),
            needed=True,
        ),
        CIN_DETAILS,
    ),
    needed=True,
    many=True,
)

CHILDREN = Group("Children", (CHILD,), needed=True)
MESSAGE = Group("Message", (HEADER, CHILDREN))


@dataclass(frozen=True)
class Table:
    """A table that rules are written over: one row for each element of a name.

    Its columns are its fields by their own names, `row` (its number in the file's part), and the
    number of the row that each of `within` has for it. Child, ChildIdentifiers and
    ChildCharacteristics stand once in a child and are one table, `Child`.
    """

    name: str
    fields: tuple[Field, ...]
    within: tuple[str, ...] = ()

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """The names of its fields, in the schema's order."""
        return tuple(field.name for field in self.fields)


def _tables(group: Group, within: tuple[str, ...]) -> Iterator[Table]:
    merged = [group]
    if group is CHILD:
        merged += [part for part in group.members if isinstance(part, Group) and not part.many]
    yield Table(group.name, tuple(field for part in merged for field in part.fields()), within)
    inside = (*within, group.name)
    for part in merged:
        for member in part.members:
            if isinstance(member, Field):
                if member.many:
                    yield Table(member.name, (member,), inside)
            elif member not in merged:
                yield from _tables(member, inside)


TABLES = {table.name: table for table in _tables(CHILD, ())}
"""The tables of the children, by name, each after those it hangs on."""

HEADER_TABLES = {
    part.name: Table(part.name, tuple(part.fields()))
    for part in HEADER.members
    if isinstance(part, Group)
}
"""The tables of the header."""


def _everything(group: Group) -> Iterator[Field | Group]:
    yield group
    for member in group.members:
        if isinstance(member, Group):
            yield from _everything(member)
        else:
            yield member


ELEMENTS = {element.name: element for element in _everything(MESSAGE)}
"""Every element by name. DateOfInitialCPC stands in two groups and is the same in both."""

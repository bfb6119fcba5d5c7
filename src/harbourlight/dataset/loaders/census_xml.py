"""The XML of a children in need census: its stream, its shape, and the text of each element typed.

Nothing here knows a table's rows. It yields each child whole and lets go of it, so memory does not
grow with the file. A document type declaration is refused outright, which leaves no entity to
expand and nothing outside the file to fetch. Namespaces, the order of elements, and text between
elements are ignored.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, NoReturn

from lxml import etree

from harbourlight.dataset.loaders import values
from harbourlight.dataset.loaders.source import UnreadableSource
from harbourlight.dataset.schema import Column, Kind
from harbourlight.dataset.tables import BY_NAME

_CHUNK = 1 << 16
_LARGEST_CHILD = 1 << 24
"""Bytes that may pass without a child ending: a thousand times the largest child seen."""

_ASK_AGAIN = "Ask for the file again as the recording system wrote it."

_GENDER = Column("gender", Kind.TEXT, "", "Gender", code_set="gender_before_2024_25")
_FACTOR = Column("factor", Kind.TEXT, "", "Assessment factor", code_set="assessment_factor")


@dataclass(frozen=True, slots=True)
class _Group:
    """What one kind of element holds.

    `leaves` gives for each element the column whose rules its text must obey, or None where the
    dataset has no place for it. `many` are the leaves that may be repeated. `groups` are the
    elements within it that hold others.
    """

    leaves: dict[str, Column | None] = field(default_factory=dict)
    many: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()


def _column(table: str, name: str) -> Column:
    return BY_NAME[table].column(name)


_GROUPS = {
    "Child": _Group(groups=frozenset({"ChildIdentifiers", "ChildCharacteristics", "CINdetails"})),
    "ChildIdentifiers": _Group(
        leaves={
            "LAchildID": _column("ssd_person", "pers_person_id"),
            "UPN": _column("ssd_linked_identifiers", "link_identifier_value"),
            "FormerUPN": _column("ssd_linked_identifiers", "link_identifier_value"),
            "UPNunknown": _column("ssd_person", "pers_upn_unknown"),
            "PersonBirthDate": _column("ssd_person", "pers_dob"),
            "ExpectedPersonBirthDate": _column("ssd_person", "pers_expected_dob"),
            "Sex": _column("ssd_person", "pers_sex"),
            "GenderCurrent": _GENDER,
            "PersonDeathDate": _column("ssd_person", "pers_death_date"),
        }
    ),
    "ChildCharacteristics": _Group(
        leaves={"Ethnicity": _column("ssd_person", "pers_ethnicity")},
        groups=frozenset({"Disabilities"}),
    ),
    "Disabilities": _Group(
        leaves={"Disability": _column("ssd_disability", "disa_disability_code")},
        many=frozenset({"Disability"}),
    ),
    "CINdetails": _Group(
        leaves={
            "CINreferralDate": _column("ssd_cin_episodes", "cine_referral_date"),
            "ReferralSource": _column("ssd_cin_episodes", "cine_referral_source_code"),
            "PrimaryNeedCode": _column("ssd_cin_episodes", "cine_cin_primary_need_code"),
            "CINclosureDate": _column("ssd_cin_episodes", "cine_close_date"),
            "ReasonForClosure": _column("ssd_cin_episodes", "cine_close_reason"),
            "DateOfInitialCPC": _column("ssd_initial_cp_conference", "icpc_icpc_date"),
            "ReferralNFA": _column("ssd_cin_episodes", "cine_referral_nfa"),
            "PreProceedingsandFGDM": None,
        },
        many=frozenset({"PreProceedingsandFGDM"}),
        groups=frozenset({"Assessments", "CINPlanDates", "Section47", "ChildProtectionPlans"}),
    ),
    "Assessments": _Group(
        leaves={
            "AssessmentActualStartDate": _column(
                "ssd_cin_assessments", "cina_assessment_start_date"
            ),
            "AssessmentInternalReviewDate": _column("hl_assessments", "hlas_internal_review_date"),
            "AssessmentAuthorisationDate": _column(
                "ssd_cin_assessments", "cina_assessment_auth_date"
            ),
        },
        groups=frozenset({"FactorsIdentifiedAtAssessment"}),
    ),
    "FactorsIdentifiedAtAssessment": _Group(
        leaves={"AssessmentFactors": _FACTOR}, many=frozenset({"AssessmentFactors"})
    ),
    "CINPlanDates": _Group(
        leaves={
            "CINPlanStartDate": _column("ssd_cin_plans", "cinp_cin_plan_start_date"),
            "CINPlanEndDate": _column("ssd_cin_plans", "cinp_cin_plan_end_date"),
        }
    ),
    "Section47": _Group(
        leaves={
            "S47ActualStartDate": _column("ssd_s47_enquiry", "s47e_s47_start_date"),
            "InitialCPCtarget": _column("ssd_initial_cp_conference", "icpc_icpc_target_date"),
            "DateOfInitialCPC": _column("ssd_initial_cp_conference", "icpc_icpc_date"),
            "ICPCnotRequired": _column("hl_s47_enquiries", "hlse_conference_required"),
        }
    ),
    "ChildProtectionPlans": _Group(
        leaves={
            "CPPstartDate": _column("ssd_cp_plans", "cppl_cp_plan_start_date"),
            "CPPendDate": _column("ssd_cp_plans", "cppl_cp_plan_end_date"),
            "InitialCategoryOfAbuse": _column("ssd_cp_plans", "cppl_cp_plan_initial_category"),
            "LatestCategoryOfAbuse": _column("ssd_cp_plans", "cppl_cp_plan_latest_category"),
            "NumberOfPreviousCPP": _column("hl_cp_plans", "hlcp_previous_plans"),
        },
        groups=frozenset({"Reviews"}),
    ),
    "Reviews": _Group(
        leaves={"CPPreviewDate": _column("ssd_cp_reviews", "cppr_cp_review_date")},
        many=frozenset({"CPPreviewDate"}),
    ),
}

_KNOWN = frozenset(_GROUPS).union(*(group.leaves for group in _GROUPS.values()))
"""Every element of a child's record: met in the wrong place, it is refused and not passed over."""

_FAULTS: dict[object, str] = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: "It is not XML.",
    etree.ErrorTypes.ERR_DOCUMENT_END: "Something follows the end of the document.",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "It ends before its last element is closed.",
    etree.ErrorTypes.ERR_GT_REQUIRED: "It breaks off in the middle of a tag.",
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: "An element is closed that is not the one last opened.",
    etree.ErrorTypes.ERR_INVALID_ENCODING: "Its characters are not in the encoding it declares.",
    etree.ErrorTypes.ERR_INVALID_CHAR: "It holds a character that XML does not allow.",
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: "It names an entity, as &nbsp; is, that XML has not.",
    etree.ErrorTypes.ERR_NAME_REQUIRED: "It holds an & or a < as text: they are &amp; and &lt;.",
    etree.ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING: "It holds an & as text: it is &amp;.",
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING: "It declares an encoding that is not known.",
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: "It nests, expands or runs on further than a census does.",
}
"""What XML's own faults mean. The parser's message is not repeated: it may quote the file."""


@dataclass(slots=True)
class Part:
    """One group of a child: the values of its leaves by element, and the groups within it."""

    element: etree._Element
    values: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, list["Part"]] = field(default_factory=dict)

    def within(self, name: str, dated: str) -> list["Part"]:
        """The groups of a name, by their date (those without one last), then place in the file."""
        parts = self.groups.get(name, [])
        return sorted(parts, key=lambda part: part.values.get(dated) or date.max)


class CensusXML:
    """A census file as XML. Every method raises `UnreadableSource` for the first thing wrong.

    `not_kept` counts the elements of a census that the dataset has no place for, and `not_known`
    those that are no part of a census.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.not_kept: Counter[str] = Counter()
        self.not_known: Counter[str] = Counter()

    def refuse(
        self, wrong: str, remedy: str, element: etree._Element | None = None, name: str = ""
    ) -> NoReturn:
        """Say what is wrong with an element, or with the file."""
        line = element.sourceline if element is not None else None
        if not name and element is not None:
            name = local_name(element)
        raise UnreadableSource(self.name, wrong, remedy, line=line, field=name)

    def elements(self, file: BinaryIO) -> Iterator[etree._Element]:
        """Each element of `Message` and each `Child` in turn, emptied when the next is asked for.

        `Children` itself comes last, empty.
        """
        parser = etree.XMLPullParser(
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        depth = read = passed = 0
        fault: etree.XMLSyntaxError | None = None
        finished = False
        while not finished:
            chunk = file.read(_CHUNK)
            read += len(chunk)
            passed += len(chunk)
            finished = not chunk
            if not read:
                self.refuse("It is empty.", _ASK_AGAIN)
            try:
                if finished:
                    parser.close()
                else:
                    parser.feed(chunk)
            except etree.XMLSyntaxError as error:
                fault = error
            # What came before a fault is looked at first: the first thing wrong is what is told.
            for event, element in parser.read_events():
                if event == "start":
                    depth += 1
                    if depth == 1:
                        self._require_message(element)
                    continue
                depth -= 1
                parent = element.getparent() if depth in (1, 2) else None
                if parent is None:
                    continue
                if depth == 1 or local_name(parent) == "Children":
                    yield element
                    passed = 0
                    element.clear()
                    while element.getprevious() is not None:
                        del parent[0]
            if fault is not None:
                code, line = _code_and_line(fault)
                wrong = _FAULTS.get(code, "It is not well-formed XML.")
                raise UnreadableSource(self.name, wrong, _ASK_AGAIN, line=line or None)
            if passed > _LARGEST_CHILD:
                self.refuse(
                    f"More than {_LARGEST_CHILD >> 20} MB pass without a child ending.",
                    "Check that it is a children in need census.",
                )

    def _require_message(self, root: etree._Element) -> None:
        if root.getroottree().docinfo.doctype:
            self.refuse(
                "It has a document type declaration (DOCTYPE), which a census never has and by "
                "which a file can make its reader fetch or expand things.",
                "Take the declaration out, or ask where the file comes from.",
            )
        if local_name(root) != "Message":
            self.refuse(
                "It is XML, but not a children in need census: that begins with <Message>.",
                "Give the file that was made for the census.",
            )

    def part(self, element: etree._Element, kind: str) -> Part:
        """Read a group and the groups within it, each value by its column's rules."""
        group = _GROUPS[kind]
        part = Part(element)
        for inner in element:
            name = local_name(inner)
            if name in group.leaves:
                column = group.leaves[name]
                if name in group.many:
                    if column is None:
                        self.not_kept[name] += 1
                    elif (value := self.value(inner, column)) is not None:
                        part.values.setdefault(name, []).append(value)
                    continue
                if name in part.values:
                    self.refuse(
                        f"There are two in one {kind}: which is right is not plain.",
                        "Leave one.",
                        inner,
                    )
                if column is None:
                    self.not_kept[name] += 1
                    part.values[name] = None
                else:
                    part.values[name] = self.value(inner, column)
            elif name in group.groups:
                part.groups.setdefault(name, []).append(self.part(inner, name))
            elif name in _KNOWN:
                self.refuse(
                    f"It stands in {kind}, where a census does not have it.",
                    "Put it where the census's schema has it.",
                    inner,
                )
            else:
                self.not_known[name] += 1
        for name, column in group.leaves.items():
            if column is not None and column.needed and part.values.get(name) is None:
                self.refuse(f"There is no {name}.", "It must be given.", element)
        return part

    def value(self, element: etree._Element, column: Column) -> values.Value | None:
        """What an element says, typed; None if it says nothing."""
        if len(element):
            self.refuse(
                "It holds elements where it should hold a value.", "Leave the value alone.", element
            )
        text = text_of(element)
        if not text:
            return None
        try:
            return values.reader(column)(text)
        except values.NotAValue as error:
            shown = values.shown(column, text)
            raise UnreadableSource(
                self.name,
                f"{f'“{shown}”' if shown else 'The value'} {error.wrong}",
                error.remedy,
                line=element.sourceline,
                field=local_name(element),
                value=shown,
            ) from None

    def only(self, part: Part, name: str) -> Part | None:
        """The one group of a name, or None if there is none."""
        found = part.groups.get(name, [])
        if len(found) > 1:
            self.refuse(
                f"There are two in one {local_name(part.element)}: which is right is not plain.",
                "Leave one.",
                found[1].element,
            )
        return found[0] if found else None


def _code_and_line(fault: etree.XMLSyntaxError) -> tuple[int, int | None]:
    """What a fault is and where: of some, only the parser's own list says."""
    if not fault.lineno and len(fault.error_log):
        said = fault.error_log[-1]
        return said.type, said.line
    return fault.code, fault.lineno


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: etree._Element) -> str:
    """An element's text without the blanks round it."""
    return (element.text or "").strip()

"""Makes censuses for tests, and from the words of `src/harbourlight/returns/cin/situations`.

A situation names what differs from a child whose every rule is kept. `Child`, `CINdetails`,
`Assessments` and the rest each begin one, within the last that can hold it; `Name=value` sets an
element, `Name=` leaves it out. A repeated element is written with its value alone
(`Disability LD`), `-` says there is none, and `49 Child` makes forty-nine. `Census 2024` makes it
that year's, with the days that are not given moved to it, and `Header` sets what the header says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from harbourlight.returns.cin import elements
from harbourlight.returns.cin.elements import CHILD, TABLES, Field, Group

SITUATIONS = Path(elements.__file__).parent / "situations"

_DEFAULTS = {
    "Child": "PersonBirthDate=2010-06-15 UPNunknown=UN2 Ethnicity=WBRI",
    "CINdetails": (
        "CINreferralDate=2025-05-06 ReferralSource=1A PrimaryNeedCode=N1 ReferralNFA=false"
    ),
    "Assessments": "AssessmentActualStartDate=2025-05-07 AssessmentAuthorisationDate=2025-06-10",
    "CINPlanDates": "CINPlanStartDate=2025-06-12",
    "Section47": (
        "S47ActualStartDate=2025-05-20 InitialCPCtarget=2025-06-10 DateOfInitialCPC=2025-06-05 "
        "ICPCnotRequired=false"
    ),
    "ChildProtectionPlans": (
        "CPPstartDate=2025-06-05 InitialCategoryOfAbuse=NEG LatestCategoryOfAbuse=NEG "
        "NumberOfPreviousCPP=0"
    ),
    "Disability": "Disability=NONE",
    "AssessmentFactors": "AssessmentFactors=1A",
}
_EXPECTED = {"Child": ("Disability", "CINdetails"), "Assessments": ("AssessmentFactors",)}
"""What each has one of where a situation does not speak of it."""


@dataclass
class Part:
    """One element that holds others, or one that is repeated."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def of(self, name: str) -> list["Part"]:
        return [part for part in self.parts if part.name == name]


@dataclass
class Made:
    """A census: its header and its children."""

    header: dict[str, str]
    children: list[Part]

    def xml(self) -> str:
        """The census as XML, each element on a line of its own."""
        return "\n".join(_message(self)) + "\n"


def make(words: str) -> Made:
    """The census that a situation speaks of."""
    year = 2026
    items = [item.strip() for item in words.split(";") if item.strip()]
    if items and items[0].startswith("Census "):
        year = int(items.pop(0).split()[1])
    header = {"Collection": "CIN", "Year": str(year), "ReferenceDate": f"{year}-03-31"}
    children: list[Part] = []
    open_parts: dict[str, list[Part]] = {}
    for item in items:
        times, name, given = re.fullmatch(r"(?:(\d+) )?(\w+)\s*(.*)", item).groups()
        if name == "Header":
            header |= _given(name, given)
            continue
        if name != "Child" and not children:
            children.append(Part("Child"))
            open_parts["Child"] = children[:]
        parts = [Part(name) for _ in range(int(times or 1))]
        for part in parts:
            part.values = {"-": "-"} if given == "-" else _given(name, given)
        if name == "Child":
            children += parts
            open_parts = {"Child": parts}
            continue
        holder = _holder(name)
        if holder not in open_parts:
            open_parts[holder] = []
            for above in open_parts[_holder(holder)]:
                above.parts.append(Part(holder))
                open_parts[holder].append(above.parts[-1])
        for above in open_parts[holder]:
            above.parts += parts
        open_parts[name] = parts
        for deeper in TABLES:
            if name in TABLES[deeper].within:
                open_parts.pop(deeper, None)
    if not children:
        children.append(Part("Child"))
    for number, child in enumerate(children, start=1):
        child.values.setdefault("LAchildID", f"C{number}")
        child.values.setdefault(*(("Sex", "F") if year >= 2025 else ("GenderCurrent", "2")))
        _complete(child, year - 2026)
    return Made(header, children)


_BETWEEN = {"FactorsIdentifiedAtAssessment", "Disabilities"}
"""Groups that hold one repeated element and nothing else, and need not be named."""


def _holder(name: str) -> str:
    return next(above for above in reversed(TABLES[name].within) if above not in _BETWEEN)


def _given(name: str, words: str) -> dict[str, str]:
    if name in TABLES and TABLES[name].field_names == (name,):
        return {name: words}
    return dict(word.split("=", 1) for word in words.split())


def _complete(part: Part, years_on: int) -> None:
    """Give a part, and those within it, what was not said of them."""
    for name, value in _given("", _DEFAULTS.get(part.name, "")).items():
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            value = f"{int(value[:4]) + years_on}{value[4:]}"
        part.values.setdefault(name, value)
    for name in _EXPECTED.get(part.name, ()):
        if not part.of(name):
            part.parts.append(Part(name))
    part.parts = [inner for inner in part.parts if "-" not in inner.values]
    for inner in part.parts:
        _complete(inner, years_on)


def _message(made: Made) -> Iterator[str]:
    yield "<Message>"
    yield "<Header>"
    yield "<CollectionDetails>"
    yield from _leaves(made.header)
    yield "</CollectionDetails>"
    yield "<Source>"
    yield "<LEA>201</LEA>"
    yield "</Source>"
    yield "</Header>"
    yield "<Children>"
    for child in made.children:
        yield from _group(CHILD, child)
    yield "</Children>"
    yield "</Message>"


def _leaves(values: dict[str, str]) -> Iterator[str]:
    for name, value in values.items():
        if value:
            yield f"<{name}>{escape(value)}</{name}>"


def _group(group: Group, part: Part) -> Iterator[str]:
    inner: list[str] = []
    for member in group.members:
        if isinstance(member, Field) and not member.many:
            inner += _leaves({member.name: part.values.get(member.name, "")})
        elif isinstance(member, Field):
            for repeated in part.of(member.name):
                value = repeated.values.get(member.name, "")
                inner.append(f"<{member.name}>{escape(value)}</{member.name}>")
        elif member.name in TABLES and member.name not in _BETWEEN:
            for one in part.of(member.name):
                inner += _group(member, one)
        else:
            inner += _group(member, part)
    if inner or group.name not in _BETWEEN:
        yield f"<{group.name}>"
        yield from inner
        yield f"</{group.name}>"


@dataclass(frozen=True)
class Situation:
    """One row of a table: a census in words, and where its rule is found broken."""

    code: str
    title: str
    census: str
    found: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


def situations() -> Iterator[Situation]:
    """Every situation there is."""
    for path in sorted(SITUATIONS.glob("*.md")):
        code = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                code = line.removeprefix("## ")
            elif line.startswith("| ") and not line.startswith("| Situation |"):
                title, census, found = (cell.strip() for cell in line.strip("|").split(" | "))
                found = tuple(sorted(filter(None, map(str.strip, found.strip(" |").split(";")))))
                yield Situation(code, title, census, found)

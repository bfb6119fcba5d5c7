"""A genogram of any family: nobody laid on anybody, every relationship drawn, round everybody."""

from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from harbourlight.record.people.genogram import HALF, TALL, Box, Drawing, Figure, Link, draw
from harbourlight.record.people.relations import KINDS, Line, Tie

CODES = [kind.code for kind in KINDS]


def _crosses(start: Any, end: Any, box: Box) -> bool:
    """Whether a straight line goes through the inside of a rectangle (Liang and Barsky, 1984)."""
    (x0, y0), (x1, y1) = start, end
    low, high = 0.0, 1.0
    for delta, near, far in (
        (x1 - x0, box.left + 1 - x0, box.right - 1 - x0),
        (y1 - y0, box.top + 1 - y0, box.bottom - 1 - y0),
    ):
        if abs(delta) < 1e-9:
            if near >= 0 or far <= 0:
                return False
            continue
        first, second = sorted((near / delta, far / delta))
        low, high = max(low, first), min(high, second)
    return low < high


def faults_of(drawn: Drawing, people: list[Figure], links: list[Link], home: set[str]) -> list[str]:
    """Everything wrong with a drawing."""
    faults = []
    if sorted(one.figure.id for one in drawn.symbols) != sorted(one.id for one in people):
        faults.append("somebody is missing, or is there twice")
    for one, other in combinations(drawn.symbols, 2):
        if one.box.overlaps(other.box):
            faults.append(f"{one.figure.id} lies on {other.figure.id}")
    standing = {link for path in drawn.paths for link in path.links}
    for link in links:
        if link.id not in standing:
            faults.append(f"{link.id} ({link.kind}) is not drawn")
        elif link.declared.tie is not Tie.SIBLING:
            ends = {link.person, link.other}
            if not any(link.id in path.links and ends <= {*path.joins} for path in drawn.paths):
                faults.append(f"{link.id} ({link.kind}) does not join its two people")
    for path in drawn.paths:
        for start, end in pairwise(path.points):
            for symbol in drawn.symbols:
                box = symbol.box
                if symbol.figure.id in path.joins:
                    # What leaves somebody begins at their symbol: above or below it, and not past
                    # the words beside it.
                    box = Box(symbol.x + HALF, box.top, box.right, box.bottom)
                if _crosses(start, end, box):
                    faults.append(f"a line of {path.links} is laid over {symbol.figure.id}")
        for x, y in path.points:
            if not (0 <= x <= drawn.width and 0 <= y <= drawn.height):
                faults.append(f"a line of {path.links} leaves the page")
    for symbol in drawn.symbols:
        inside = _inside(drawn, symbol.x, symbol.y)
        if inside is not (symbol.figure.id in home):
            faults.append(f"{symbol.figure.id} is on the wrong side of the household's boundary")
    return faults


def _inside(drawn: Drawing, x: float, y: float) -> bool:
    """Whether a point is within a boundary: a ray from it crosses an odd number of lines."""
    crossed = 0
    for loop in drawn.households:
        for (x0, y0), (x1, y1) in zip(loop, (*loop[1:], loop[0]), strict=True):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                crossed += 1
    return crossed % 2 == 1


# ---- Any family ---------------------------------------------------------------------------------


@st.composite
def anyhow(drawing: Any) -> tuple[list[Figure], list[Link], set[str]]:
    """People related in any way at all, however little sense it makes."""
    count = drawing(st.integers(1, 12))
    people = [
        Figure(
            f"p{number}",
            drawing(st.sampled_from("FMU")),
            drawing(st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2026, 1, 1)))),
        )
        for number in range(count)
    ]
    pairs = drawing(
        st.lists(
            st.tuples(
                st.integers(0, count - 1),
                st.integers(0, count - 1),
                st.sampled_from(CODES),
                st.booleans(),
            ),
            max_size=18,
        )
    )
    links = [
        Link(f"r{number}", f"p{one}", f"p{other}", kind, over)
        for number, (one, other, kind, over) in enumerate(pairs)
        if one != other
    ]
    home = set(drawing(st.lists(st.sampled_from([one.id for one in people]), unique=True)))
    return people, links, home


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(anyhow())
def test_however_people_are_related_nothing_is_laid_over_anybody(family: Any) -> None:
    people, links, home = family
    drawn = draw(people, links, index="p0", household=home)
    assert faults_of(drawn, people, links, home) == []


# ---- Families as they are -----------------------------------------------------------------------


def three_generations(seed: int, width: int = 14) -> tuple[list[Figure], list[Link], set[str]]:
    """A large family: grandparents, their children and partners (some two), and their children."""
    import random

    chance = random.Random(seed)
    people: list[Figure] = []
    links: list[Link] = []

    def person(sex: str, born: date) -> str:
        people.append(Figure(f"p{len(people)}", sex, born))
        return people[-1].id

    def link(one: str, other: str, kind: str, *, over: bool = False) -> None:
        links.append(Link(f"r{len(links)}", one, other, kind, over))

    def couple(one: str, other: str) -> None:
        link(one, other, chance.choice(["married", "cohabiting", "separated", "divorced"]))

    def born(parents: list[str], year: int) -> str:
        child = person(
            chance.choice("FM"), date(year, chance.randint(1, 12), chance.randint(1, 28))
        )
        for parent in parents:
            link(parent, child, "parent_birth")
        return child

    grandparents = []
    for _ in range(width // 2):
        pair = [person("M", date(1950, 1, 1)), person("F", date(1952, 1, 1))]
        couple(*pair)
        grandparents.append(pair)
    parents = [born(pair, 1975 + number) for pair in grandparents for number in range(2)][:width]
    children: list[str] = []
    for number in range(0, len(parents) - 1, 2):
        one, other = parents[number], parents[(number + 3) % len(parents)]
        couple(one, other)
        children += [born([one, other], 2008 + step) for step in range(chance.randint(1, 2))]
        if chance.random() < 0.4 and len(children) < width:
            children.append(born([one], 2015))
            new = person(chance.choice("FM"), date(1980, 1, 1))
            link(one, new, "partner")
            children.append(born([one, new], 2019))
            link(children[-1], children[0], "sibling_half")
    link(parents[0], children[-1], "aunt_or_uncle")
    link(children[0], children[-1], "cousin")
    home = {parents[0], *children[:2]}
    return people, links, home


def test_a_large_family_of_three_generations_is_drawn_whole(assured, long_form) -> None:
    from time import process_time

    families = 400 if long_form else 40
    faults = drawn_people = drawn_links = 0
    slowest = 0.0
    for seed in range(families):
        people, links, home = three_generations(seed)
        began = process_time()
        drawn = draw(people, links, index=people[-1].id, household=home)
        slowest = max(slowest, process_time() - began)
        found = faults_of(drawn, people, links, home)
        assert found == [], seed
        faults += len(found)
        drawn_people += len(people)
        drawn_links += len(links)
    assured(
        "genogram",
        f"{families} families of three generations, {drawn_people:,} people and {drawn_links:,} "
        f"relationships: {faults} faults; {slowest * 1000:.0f} ms the slowest",
    )


NUCLEAR = [
    Figure("dad", "M", date(1985, 1, 1)),
    Figure("mum", "F", date(1987, 1, 1)),
    Figure("ada", "F", date(2012, 4, 1)),
    Figure("bea", "F", date(2014, 6, 2)),
    Figure("cai", "M", date(2014, 6, 2)),
]


def _family(*links: tuple[str, str, str]) -> list[Link]:
    return [Link(f"r{number}", *link) for number, link in enumerate(links)]


BORN = [
    (parent, child, "parent_birth") for parent in ("dad", "mum") for child in ("ada", "bea", "cai")
]


def _where(drawn: Drawing) -> dict[str, Any]:
    return {one.figure.id: one for one in drawn.symbols}


def test_a_couple_stands_side_by_side_above_their_children_the_eldest_first() -> None:
    drawn = draw(NUCLEAR, _family(("dad", "mum", "married"), *BORN), index="ada")
    at = _where(drawn)
    assert at["dad"].row == at["mum"].row == 0
    assert at["ada"].row == at["bea"].row == at["cai"].row == 1
    assert at["dad"].x < at["mum"].x, "the man on the left, as is usual"
    assert at["ada"].x < min(at["bea"].x, at["cai"].x)
    parents, children = (
        (at["dad"].x + at["mum"].x) / 2,
        sum(at[one].x for one in ("ada", "bea", "cai")) / 3,
    )
    assert abs(parents - children) < 10, "the parents stand over the middle of their children"


def test_twins_hang_from_one_point() -> None:
    drawn = draw(NUCLEAR, _family(("dad", "mum", "married"), *BORN), index="ada")
    leaning = [path for path in drawn.paths if path.joins in (("bea",), ("cai",))]
    assert len({path.points[0] for path in leaning}) == 1
    later = [*NUCLEAR[:4], Figure("cai", "M", date(2014, 6, 2) + timedelta(days=300))]
    apart = draw(later, _family(("dad", "mum", "married"), *BORN), index="ada")
    hanging = [path for path in apart.paths if path.joins in (("bea",), ("cai",))]
    assert len({path.points[0] for path in hanging}) == 2


def test_how_a_couple_stands_now_is_how_they_are_drawn() -> None:
    married = [Link("r0", "dad", "mum", "married", True), Link("r1", "dad", "mum", "divorced")]
    (path,) = draw(NUCLEAR[:2], married, index="mum").paths
    assert (path.style, len(path.slashes), path.links) == (Line.SOLID, 2, ("r0", "r1"))
    (ended,) = draw(NUCLEAR[:2], married[:1], index="mum").paths
    assert len(ended.slashes) == 2, "what is over is not drawn as though it were not"
    (apart,) = draw(NUCLEAR[:2], _family(("dad", "mum", "separated")), index="mum").paths
    assert len(apart.slashes) == 1
    (together,) = draw(NUCLEAR[:2], _family(("dad", "mum", "cohabiting")), index="mum").paths
    assert (together.style, together.slashes) == (Line.DASHED, ())


def test_parents_who_are_no_couple_are_joined_by_a_line_that_says_so() -> None:
    drawn = draw(NUCLEAR, _family(*BORN), index="ada")
    (joined,) = [path for path in drawn.paths if path.joins == ("dad", "mum")]
    assert joined.style is Line.DOTTED


def test_adoption_is_dashed_and_birth_is_not() -> None:
    links = _family(("dad", "ada", "parent_birth"), ("mum", "ada", "parent_adoptive"))
    drawn = draw(NUCLEAR[:3], links, index="ada")
    styles = {path.links[0]: path.style for path in drawn.paths}
    assert styles == {"r0": Line.SOLID, "r1": Line.DASHED}


def test_somebody_related_to_nobody_stands_in_the_last_row() -> None:
    stranger = Figure("eve", "F")
    drawn = draw([*NUCLEAR, stranger], _family(("dad", "mum", "married"), *BORN), index="ada")
    assert _where(drawn)["eve"].row == 2


def test_a_family_of_one_is_drawn() -> None:
    drawn = draw([Figure("ada")], [], index="ada", household={"ada"})
    (only,) = drawn.symbols
    assert drawn.height >= only.y + TALL
    assert len(drawn.households) == 1

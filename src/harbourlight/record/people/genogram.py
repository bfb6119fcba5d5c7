"""Where each person and each line of a genogram goes. Pure geometry: no database, no page.

    drawn = draw(people, links, index="…", household={"…"})

Generations lie in rows, the oldest at the top; couples and brothers and sisters are brought
together, and every line runs in the gaps between the rows, so that nothing is laid over anybody.
The layout is worked out in four steps: which row (`_generations`), in what order (`_order`), how
far along (`_places`), and by which way each line goes (`_Router`).
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from statistics import mean
from typing import Protocol

from harbourlight.record.people.relations import BY_CODE, Line, RelationKind, Tie

HALF = 20
"""Half the width of a symbol."""
LABEL = 124
"""The width kept for the words to the right of a symbol."""
LEFT, RIGHT, TALL = HALF + 6, HALF + 6 + LABEL, 42
"""How far what belongs to a person reaches: left, right, and up and down of the symbol's middle."""
STEP = LEFT + RIGHT + 16
"""The least distance between two people of one row."""
TRACK, PAD = 13, 20
"""Between two lines side by side in a gap, and between a gap's outermost line and the row."""
REACH = 5
"""How far a household's boundary stands off those within it."""


@dataclass(frozen=True)
class Figure:
    """Somebody to be drawn."""

    id: str
    sex: str = "U"
    born_on: date | None = None
    is_unborn: bool = False


@dataclass(frozen=True)
class Link:
    """A relationship to be drawn: what `person` is to `other`. The later it is, the more it counts
    for how a couple stands now."""

    id: str
    person: str
    other: str
    kind: str
    is_over: bool = False

    @property
    def declared(self) -> RelationKind:
        """The kind of relationship."""
        return BY_CODE[self.kind]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether two rectangles have any of their inside in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class Symbol:
    """Somebody where they are drawn: the middle of their symbol, and the row they are in."""

    figure: Figure
    x: float
    y: float
    row: int

    @property
    def box(self) -> Box:
        """All that belongs to them: the symbol and the words beside it."""
        return Box(self.x - LEFT, self.y - TALL, self.x + RIGHT, self.y + TALL)


Point = tuple[float, float]


@dataclass(frozen=True)
class Path:
    """One line, through points, of a style; the relationships it stands for, and whom it joins.

    `slashes` are short strokes across it.
    """

    points: tuple[Point, ...]
    style: Line
    links: tuple[str, ...]
    joins: tuple[str, ...]
    is_slight: bool = False
    """Whether it is drawn thin: neither descent nor a couple."""
    slashes: tuple[tuple[Point, Point], ...] = ()


@dataclass(frozen=True)
class Drawing:
    """A genogram, laid out."""

    symbols: tuple[Symbol, ...]
    paths: tuple[Path, ...]
    households: tuple[tuple[Point, ...], ...]
    width: float
    height: float
    rows: int


def draw(
    people: Sequence[Figure],
    links: Sequence[Link],
    *,
    index: str,
    household: Collection[str] = (),
) -> Drawing:
    """Lay out a family round one of its people. Links to anybody not among `people` are left out.

    Those whom no link reaches stand in a last row of their own.
    """
    figures = {one.id: one for one in people}
    links = [one for one in links if one.person in figures and one.other in figures]
    row_of = _generations(figures, links, index)
    ties = _Ties(links, row_of)
    order = _order(figures, ties, row_of)
    across = _places(order, ties)
    router = _Router(figures, order, across, ties)
    symbols = tuple(
        Symbol(figures[one], across[one], router.middle[row], row)
        for row, members in enumerate(order)
        for one in members
    )
    return Drawing(
        symbols,
        tuple(router.paths),
        tuple(_boundaries(symbols, household)),
        max(one.box.right for one in symbols) + PAD,
        router.bottom,
        len(order),
    )


# ---- Which row ----------------------------------------------------------------------------------


def _generations(
    figures: Mapping[str, Figure], links: Sequence[Link], index: str
) -> dict[str, int]:
    """The row of each person, from 0 at the top.

    Birth counts before other parents, these before couples and brothers and sisters, and those
    before any other tie: of two ties that contradict each other the first found places a person.
    """
    near: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for link in links:
        weight = {Tie.DESCENT: 0, Tie.PARTNER: 1, Tie.SIBLING: 1, Tie.OTHER: 2}[link.declared.tie]
        weight += link.kind in ("parent_step", "parent_foster")
        near[link.person].append((weight, link.other, link.declared.generations))
        near[link.other].append((weight, link.person, -link.declared.generations))
    rows = {index: 0}
    for limit in (0, 1, 2, 3):
        for start in [*rows]:
            queue = deque([start])
            while queue:
                one = queue.popleft()
                for weight, other, below in near[one]:
                    if weight <= limit and other not in rows:
                        rows[other] = rows[one] + below
                        queue.append(other)
    rest = [one for one in figures if one not in rows]
    used = sorted(set(rows.values()))
    settled = {one: used.index(row) for one, row in rows.items()}
    return settled | dict.fromkeys(rest, len(used))


# ---- How people are tied ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Union:
    """Parents and those of whom they are, by one kind of descent, the parents."""

    parents: tuple[str, ...]
    kind: str
    children: tuple[str, ...]
    links: tuple[str, ...]


class _Ties:
    """The links sorted by what they are to a drawing."""

    def __init__(self, links: Sequence[Link], row_of: Mapping[str, int]) -> None:
        self.row_of = row_of
        couples: dict[frozenset[str], list[Link]] = defaultdict(list)
        parents: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.loose: list[Link] = []
        siblings: list[Link] = []
        for link in links:
            above = row_of[link.other] - row_of[link.person]
            tie = link.declared.tie
            if tie is Tie.DESCENT and above > 0:
                parents[link.other, link.kind][link.person].append(link.id)
            elif tie is Tie.PARTNER and above == 0:
                couples[frozenset((link.person, link.other))].append(link)
            elif tie is Tie.SIBLING and above == 0:
                siblings.append(link)
            else:
                self.loose.append(link)
        self.unions = self._united(parents)
        self.couples = dict(couples)
        for union in self.unions:
            for pair in _pairs(union.parents):
                self.couples.setdefault(frozenset(pair), [])
        self.descent = {
            (parent, child, kind): ids
            for (child, kind), by_parent in parents.items()
            for parent, ids in by_parent.items()
        }
        self.parents_of: dict[str, set[str]] = defaultdict(set)
        for union in self.unions:
            for child in union.children:
                self.parents_of[child] |= {*union.parents}
        self.implied: dict[frozenset[str], list[str]] = defaultdict(list)
        self.siblings: dict[frozenset[str], list[Link]] = defaultdict(list)
        for link in siblings:
            related = frozenset((link.person, link.other))
            if self.parents_of[link.person] & self.parents_of[link.other]:
                self.implied[related].append(link.id)
            else:
                self.siblings[related].append(link)

    def _united(self, parents: Mapping[tuple[str, str], Mapping[str, list[str]]]) -> list[_Union]:
        """Children of the same parents together. Parents of different rows each stand alone."""
        children: dict[tuple[tuple[str, ...], str], list[str]] = defaultdict(list)
        ids: dict[tuple[tuple[str, ...], str], list[str]] = defaultdict(list)
        for (child, kind), by_parent in parents.items():
            by_row: dict[int, list[str]] = defaultdict(list)
            for parent in by_parent:
                by_row[self.row_of[parent]].append(parent)
            for together in by_row.values():
                key = (tuple(sorted(together)), kind)
                children[key].append(child)
                ids[key] += [one for parent in together for one in by_parent[parent]]
        return [
            _Union(who, kind, tuple(children[who, kind]), tuple(ids[who, kind]))
            for who, kind in children
        ]


def _pairs(people: Sequence[str]) -> list[tuple[str, str]]:
    return [*pairwise(people)]


# ---- In what order ------------------------------------------------------------------------------

_SWEEPS = 12


def _order(
    figures: Mapping[str, Figure], ties: _Ties, row_of: Mapping[str, int]
) -> list[list[str]]:
    """Each row from left to right: couples together, under their parents and over their children.

    By the usual sweeps, down and up, each row put in the order of the middle of what each couple or
    single person hangs from; of brothers and sisters the eldest comes first.
    """
    rows = _clusters(figures, ties, row_of)
    children_of: dict[str, set[str]] = defaultdict(set)
    for child, parents in ties.parents_of.items():
        for parent in parents:
            children_of[parent].add(child)
    beside: dict[str, set[str]] = defaultdict(set)
    for pair in [*ties.siblings, *(frozenset((one.person, one.other)) for one in ties.loose)]:
        for one in pair:
            beside[one] |= pair - {one}
    for sweep in range(_SWEEPS):
        place = {
            one: float(position)
            for row in rows
            for position, one in enumerate(one for cluster in row for one in cluster)
        }
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            pull = ties.parents_of if down else children_of
            middles = {}
            for number, cluster in enumerate(row):
                pulled = [place[to] for one in cluster for to in pull.get(one, ())]
                pulled = pulled or [place[to] for one in cluster for to in beside.get(one, ())]
                own = mean(place[one] for one in cluster)
                middles[cluster] = (
                    mean(pulled) if pulled else own,
                    _eldest(figures, cluster),
                    number,
                )
            row.sort(key=lambda cluster: middles[cluster])
            for at, cluster in enumerate(row):
                row[at] = _turned(cluster, place, pull)
            for position, one in enumerate(one for cluster in row for one in cluster):
                place[one] = float(position)
    return [[one for cluster in row for one in cluster] for row in rows]


def _turned(
    cluster: tuple[str, ...], place: Mapping[str, float], pull: Mapping[str, set[str]]
) -> tuple[str, ...]:
    """A couple the way round that brings each nearer to what they hang from."""

    def strain(members: Sequence[str]) -> float:
        first = min(place[one] for one in cluster)
        return sum(
            abs(first + at - place[to])
            for at, one in enumerate(members)
            for to in pull.get(one, ())
        )

    back = cluster[::-1]
    return back if strain(back) < strain(cluster) else cluster


def _eldest(figures: Mapping[str, Figure], cluster: Iterable[str]) -> date:
    return min((figures[one].born_on or date.max for one in cluster), default=date.max)


def _clusters(
    figures: Mapping[str, Figure], ties: _Ties, row_of: Mapping[str, int]
) -> list[list[tuple[str, ...]]]:
    """The people of each row, those who are couples or parents together in one run."""
    partners: dict[str, list[str]] = defaultdict(list)
    for pair in ties.couples:
        first, second = sorted(pair)
        partners[first].append(second)
        partners[second].append(first)
    rows: list[list[tuple[str, ...]]] = [[] for _ in range(max(row_of.values()) + 1)]
    seen: set[str] = set()
    # Ends of chains first, men before women, so that a couple alone is drawn in the usual way.
    begin = sorted(
        figures,
        key=lambda one: (
            len(partners[one]),
            figures[one].sex != "M",
            figures[one].born_on or date.max,
            one,
        ),
    )
    for start in begin:
        if start in seen:
            continue
        chain: list[str] = []
        stack = [start]
        while stack:
            one = stack.pop()
            if one in seen:
                continue
            seen.add(one)
            chain.append(one)
            stack += sorted(partners[one], key=lambda to: -len(partners[to]))
        rows[row_of[start]].append(tuple(chain))
    return rows


# ---- How far along ------------------------------------------------------------------------------


def _places(order: Sequence[Sequence[str]], ties: _Ties) -> dict[str, float]:
    """How far along each person is, at least `STEP` from the next, parents over their children."""
    across: dict[str, float] = {one: at * STEP for row in order for at, one in enumerate(row)}
    unions = [one for one in ties.unions if one.children]
    for sweep in range(_SWEEPS):
        wanted: dict[str, list[float]] = defaultdict(list)
        down = sweep % 2 == 1
        for union in unions:
            above = mean(across[one] for one in union.parents)
            below = mean(across[one] for one in union.children)
            for one in union.children if down else union.parents:
                wanted[one].append(across[one] + (above - below if down else below - above))
        for row in order:
            _spread(row, across, wanted)
    least = min(across.values())
    return {one: round(x - least + LEFT + PAD) for one, x in across.items()}


def _spread(
    row: Sequence[str], across: dict[str, float], wanted: Mapping[str, list[float]]
) -> None:
    """Put a row as near as may be to where each is wanted, in order and `STEP` apart.

    Least squares under an order: pool what would overlap and give it its mean (Barlow and others,
    Statistical Inference under Order Restrictions, 1972).
    """
    pools: list[tuple[float, float, int]] = []  # the weighed sum, the weight, how many
    for at, one in enumerate(row):
        asked = wanted.get(one)
        weight = 1.0 if asked else 0.05
        goal = (mean(asked) if asked else across[one]) - at * STEP
        pools.append((goal * weight, weight, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            total, heavy, many = pools.pop()
            before = pools.pop()
            pools.append((before[0] + total, before[1] + heavy, before[2] + many))
    at = 0
    for total, weight, many in pools:
        for _ in range(many):
            across[row[at]] = total / weight + at * STEP
            at += 1


# ---- By which way each line goes ----------------------------------------------------------------


@dataclass
class _Run:
    """A line that runs along a gap: between which people it hangs, and from which side of it.

    `level` says which of the gap's three bands it takes: couples nearest the row above, then other
    lines, then the bars that children hang from.
    """

    gap: int
    level: int
    left: float
    right: float
    track: int = 0


@dataclass
class _Gap:
    """The space between two rows: the runs in it, and the ways down that are taken."""

    runs: list[_Run] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    tracks: list[int] = field(default_factory=lambda: [0, 0, 0])

    def free_near(self, wanted: float, low: float, high: float, own: Collection[float]) -> float:
        """The nearest way down to one wanted, within bounds, that no other line takes.

        Above one of its `own` ends it goes straight down to it, where that is near enough.
        """
        straight = [x for x in own if low <= x <= high and abs(x - wanted) <= STEP / 4]
        tries = sorted(
            [*straight, *(wanted + step * 6 for step in range(-12, 13))],
            key=lambda x: (x not in straight, abs(x - wanted)),
        )
        others = [x for x in self.taken if x not in own]
        free = [x for x in tries if low <= x <= high and all(abs(x - one) >= 5 for one in others)]
        chosen = free[0] if free else wanted
        self.taken.append(chosen)
        return chosen


class _Plan(Protocol):
    """A line to be drawn: it says where it leaves whom, then what room it needs, then itself."""

    @property
    def stands_for(self) -> tuple[str, ...]:
        """The relationships it stands for."""

    def attach(self, router: "_Router") -> None:
        """Say which people it leaves."""

    def settle(self, router: "_Router") -> None:
        """Say what room it needs along the gaps."""

    def drawn(self, router: "_Router") -> list[Path]:
        """The lines, once all have their room."""


class _Router:
    """Ways for all the lines. A person's lines leave side by side, below or above their symbol."""

    def __init__(
        self,
        figures: Mapping[str, Figure],
        order: Sequence[Sequence[str]],
        across: Mapping[str, float],
        ties: _Ties,
    ) -> None:
        self.figures, self.order, self.across, self.ties = figures, order, across, ties
        self.row_of = {one: row for row, members in enumerate(order) for one in members}
        self.gaps: dict[int, _Gap] = defaultdict(_Gap)
        self.below: dict[str, list[tuple[float, object]]] = defaultdict(list)
        self.above: dict[str, list[tuple[float, object]]] = defaultdict(list)
        self.offsets: dict[tuple[str, int, bool], float] = {}
        self.plans: list[_Plan] = []
        self._plan()
        self._set_offsets()
        for plan in self.plans:
            plan.settle(self)
        self._set_tracks()
        self.middle, self.bottom = self._set_rows()
        self.paths = [path for plan in self.plans for path in plan.drawn(self)]

    # -- planning

    def _plan(self) -> None:
        loops: dict[frozenset[str], _Loop] = {}
        for pair, links in self.ties.couples.items():
            loops[pair] = _Loop(tuple(sorted(pair, key=self.across.__getitem__)), links)
        for union in self.ties.unions:
            loop = None
            if len(union.parents) > 1:
                pairs = [loops[frozenset(pair)] for pair in _pairs(union.parents)]
                loop = pairs[len(pairs) // 2]
            below = self.row_of[union.parents[0]] + 1
            near = [one for one in union.children if self.row_of[one] == below]
            implied = tuple(
                link
                for pair, ids in self.ties.implied.items()
                if pair <= {*union.children}
                for link in ids
            )
            if near:
                self.plans.append(_Bar(union, loop, near, implied))
            style = BY_CODE[union.kind].line
            for child in union.children:
                if child not in near:
                    for parent in union.parents:
                        ids = self.ties.descent[parent, child, union.kind]
                        self.plans.append(_Way(parent, child, style, tuple(ids)))
        self.plans = [*loops.values(), *self.plans]
        covered = {one for plan in self.plans for one in plan.stands_for}
        # Half-brothers and half-sisters have no bar in common: the lines of the parent they share
        # say it, and stand for it.
        for pair, ids in self.ties.implied.items():
            missing = [one for one in ids if one not in covered]
            if not missing:
                continue
            shared = set.intersection(*(self.ties.parents_of[one] for one in pair))
            for plan in self.plans:
                if isinstance(plan, _Bar) and shared & {*plan.union.parents}:
                    plan.implied += tuple(missing)
                    break
            else:
                first, second = sorted(pair)
                self.plans.append(_Way(first, second, Line.DOTTED, tuple(missing), True))
        for pair, links in self.ties.siblings.items():
            self.plans.append(_Bracket(tuple(sorted(pair, key=self.across.__getitem__)), links))
        for link in self.ties.loose:
            slight = link.declared.tie is Tie.OTHER
            self.plans.append(_Way(link.person, link.other, link.declared.line, (link.id,), slight))
        for plan in self.plans:
            plan.attach(self)

    def attach(self, one: str, plan: object, toward: float, *, below: bool) -> None:
        """Let a line leave a person, below or above, towards something along the row."""
        (self.below if below else self.above)[one].append((toward, plan))

    def _set_offsets(self) -> None:
        for side, below in ((self.below, True), (self.above, False)):
            for one, leaving in side.items():
                leaving = sorted(leaving, key=lambda line: line[0])
                step = min(9.0, 2 * (HALF - 4) / max(1, len(leaving) - 1))
                for at, (_, plan) in enumerate(leaving):
                    offset = (at - (len(leaving) - 1) / 2) * step
                    self.offsets[one, id(plan), below] = offset
                    gap = self.row_of[one] - (0 if below else 1)
                    self.gaps[gap].taken.append(self.across[one] + offset)

    def leaves(self, one: str, plan: object, *, below: bool) -> float:
        """How far along a line leaves a person."""
        return self.across[one] + self.offsets[one, id(plan), below]

    def run(self, gap: int, level: int, left: float, right: float) -> _Run:
        """Have room for a line along a gap."""
        run = _Run(gap, level, min(left, right), max(left, right))
        self.gaps[gap].runs.append(run)
        return run

    def way_down(self, rows: Iterable[int], wanted: float) -> float:
        """How far along one can pass through all these rows without touching anybody."""
        blocked = sorted(
            (self.across[one] - LEFT, self.across[one] + RIGHT)
            for row in rows
            for one in self.order[row]
        )
        edges = [wanted, *(x for low, high in blocked for x in (low - 5, high + 5))]
        clear = [
            x for x in edges if x > 2 and all(not low - 3 < x < high + 3 for low, high in blocked)
        ]
        return min(clear, key=lambda x: abs(x - wanted))

    # -- settling

    def _set_tracks(self) -> None:
        for gap in self.gaps.values():
            for level in range(3):
                ends: list[float] = []
                for run in sorted(
                    (one for one in gap.runs if one.level == level), key=lambda one: one.left
                ):
                    for track, end in enumerate(ends):
                        if end + 6 < run.left:
                            run.track, ends[track] = track, run.right
                            break
                    else:
                        run.track = len(ends)
                        ends.append(run.right)
                gap.tracks[level] = len(ends)

    def _set_rows(self) -> tuple[list[float], float]:
        middle: list[float] = []
        self.gap_top: dict[int, float] = {-1: 4.0}
        y = 4.0 + self._height(-1)
        for row in range(len(self.order)):
            middle.append(y + TALL)
            y += 2 * TALL
            self.gap_top[row] = y
            y += self._height(row)
        return middle, y

    def _height(self, gap: int) -> float:
        tracks = sum(self.gaps[gap].tracks)
        if not tracks:
            return PAD if gap in (-1, len(self.order) - 1) else 2 * PAD
        return 2 * PAD + tracks * TRACK

    def y_of(self, run: _Run) -> float:
        """How far down a line along a gap is."""
        before = sum(self.gaps[run.gap].tracks[: run.level])
        return self.gap_top[run.gap] + PAD + (before + run.track + 0.5) * TRACK

    def edge(self, one: str, *, below: bool) -> float:
        """How far down the edge of somebody's symbol is."""
        return self.middle[self.row_of[one]] + (HALF if below else -HALF)


class _Loop:
    """A couple, or two parents: a line that hangs below both."""

    def __init__(self, pair: tuple[str, ...], links: Sequence[Link]) -> None:
        self.pair, self.links = pair, links
        self.stands_for = tuple(one.id for one in links)

    def attach(self, router: "_Router") -> None:
        """From below both."""
        left, right = self.pair
        router.attach(left, self, router.across[right], below=True)
        router.attach(right, self, router.across[left], below=True)

    def settle(self, router: "_Router") -> None:
        """In the gap below them."""
        self.ends = [router.leaves(one, self, below=True) for one in self.pair]
        self.along = router.run(router.row_of[self.pair[0]], 0, *self.ends)

    def drawn(self, router: "_Router") -> list[Path]:
        """Down, along and up, with strokes across it where they parted."""
        left, right = self.ends
        y = router.y_of(self.along)
        points = (
            (left, router.edge(self.pair[0], below=True)),
            (left, y),
            (right, y),
            (right, router.edge(self.pair[1], below=True)),
        )
        standing = [one for one in self.links if not one.is_over] or [*self.links]
        style = standing[-1].declared.line if standing else Line.DOTTED
        strokes = {Line.ONE_SLASH: 1, Line.TWO_SLASHES: 2}.get(style, 0)
        if standing and standing[-1].is_over and not strokes:
            strokes = 2  # it ended, whatever it was
        at = left + (right - left) * 0.25
        slashes = tuple(
            ((at + 5 * number - 3, y + 7), (at + 5 * number + 3, y - 7))
            for number in range(strokes)
        )
        if strokes:
            style = Line.SOLID
        return [Path(points, style, self.stands_for, self.pair, not self.links, slashes)]


class _Bar:
    """The children of the same parents: a way down from these, and a bar they hang from.

    Twins hang from one point of it.
    """

    def __init__(
        self, union: _Union, loop: _Loop | None, children: list[str], implied: tuple[str, ...]
    ) -> None:
        self.union, self.loop, self.children, self.implied = union, loop, children, implied

    @property
    def stands_for(self) -> tuple[str, ...]:
        """The relationships of descent, and those between the children."""
        return self.union.links + self.implied

    def attach(self, router: "_Router") -> None:
        """From above each child, and from below a parent alone."""
        middle = mean(router.across[one] for one in self.children)
        if self.loop is None:
            router.attach(self.union.parents[0], self, middle, below=True)
        above = mean(router.across[one] for one in self.union.parents)
        for child in self.children:
            router.attach(child, self, above, below=False)

    def settle(self, router: "_Router") -> None:
        """In the gap between parents and children."""
        gap = router.row_of[self.union.parents[0]]
        self.tops = {one: router.leaves(one, self, below=False) for one in self.children}
        if self.loop is None:
            self.down = router.leaves(self.union.parents[0], self, below=True)
        else:
            low, high = sorted(self.loop.ends)
            self.down = router.gaps[gap].free_near(
                (low + high) / 2, low, high, [*self.tops.values()]
            )
        ends = [self.down, *self.tops.values()]
        self.along = router.run(gap, 2, min(ends), max(ends))

    def drawn(self, router: "_Router") -> list[Path]:
        """Down from the parents, along, and down to each child."""
        y = router.y_of(self.along)
        top = (
            router.edge(self.union.parents[0], below=True)
            if self.loop is None
            else router.y_of(self.loop.along)
        )
        style = BY_CODE[self.union.kind].line
        every = (*self.union.parents, *self.children)
        paths = [Path(((self.down, top), (self.down, y)), style, self.stands_for, every)]
        if self.along.left < self.along.right:
            bar = ((self.along.left, y), (self.along.right, y))
            paths.append(Path(bar, style, self.stands_for, every))
        for together in self.births(router):
            from_x = mean(self.tops[one] for one in together)
            paths += [
                Path(
                    ((from_x, y), (self.tops[one], router.edge(one, below=False))),
                    style,
                    self.stands_for,
                    (one,),
                )
                for one in together
            ]
        return paths

    def births(self, router: "_Router") -> list[list[str]]:
        """The children, those born together and drawn side by side in one list."""
        found: list[list[str]] = []
        for child in sorted(self.children, key=self.tops.__getitem__):
            last = found[-1][-1] if found else None
            if last and self._are_twins(router, last, child):
                found[-1].append(child)
            else:
                found.append([child])
        return found

    def _are_twins(self, router: "_Router", one: str, other: str) -> bool:
        """Whether two were born within a day of each other, by a birth parent, and are drawn side
        by side: a line to one that leaned over somebody else would be laid over them."""
        first, second = (router.figures[child].born_on for child in (one, other))
        row = router.order[router.row_of[one]]
        return (
            self.union.kind == "parent_birth"
            and first is not None
            and second is not None
            and abs((first - second).days) <= 1
            and abs(row.index(one) - row.index(other)) == 1
        )


class _Bracket:
    """Brothers and sisters whose parents are not known: a bar above them."""

    def __init__(self, pair: tuple[str, ...], links: Sequence[Link]) -> None:
        self.pair, self.links = pair, links
        self.stands_for = tuple(one.id for one in links)

    def attach(self, router: "_Router") -> None:
        """From above both."""
        left, right = self.pair
        router.attach(left, self, router.across[right], below=False)
        router.attach(right, self, router.across[left], below=False)

    def settle(self, router: "_Router") -> None:
        """In the gap above them."""
        self.ends = [router.leaves(one, self, below=False) for one in self.pair]
        self.along = router.run(router.row_of[self.pair[0]] - 1, 2, *self.ends)

    def drawn(self, router: "_Router") -> list[Path]:
        """Up, along and down."""
        (left, right), y = self.ends, router.y_of(self.along)
        points = (
            (left, router.edge(self.pair[0], below=False)),
            (left, y),
            (right, y),
            (right, router.edge(self.pair[1], below=False)),
        )
        return [Path(points, self.links[-1].declared.line, self.stands_for, self.pair)]


class _Way:
    """Any other line between two people, in whatever rows they are."""

    def __init__(
        self, one: str, other: str, style: Line, links: tuple[str, ...], is_slight: bool = False
    ) -> None:
        self.ends, self.style, self.stands_for, self.is_slight = (
            (one, other),
            style,
            links,
            is_slight,
        )

    def attach(self, router: "_Router") -> None:
        """From below the upper to above the lower; from below both of one row."""
        self.upper, self.lower = sorted(self.ends, key=router.row_of.__getitem__)
        self.is_level = router.row_of[self.upper] == router.row_of[self.lower]
        router.attach(self.upper, self, router.across[self.lower], below=True)
        router.attach(self.lower, self, router.across[self.upper], below=self.is_level)

    def settle(self, router: "_Router") -> None:
        """Along one gap, or along two and down between people."""
        start = router.leaves(self.upper, self, below=True)
        end = router.leaves(self.lower, self, below=self.is_level)
        first, last = router.row_of[self.upper], router.row_of[self.lower] - 1
        self.xs = [start, end]
        if self.is_level or first == last:
            self.runs = [router.run(first, 1, start, end)]
            return
        down = router.way_down(range(first + 1, last + 1), end)
        self.xs = [start, down, end]
        self.runs = [router.run(first, 1, start, down), router.run(last, 1, down, end)]

    def drawn(self, router: "_Router") -> list[Path]:
        """From one to the other, round everybody."""
        points = [(self.xs[0], router.edge(self.upper, below=True))]
        for run, (come, go) in zip(self.runs, pairwise(self.xs), strict=True):
            y = router.y_of(run)
            points += [(come, y), (go, y)]
        points.append((self.xs[-1], router.edge(self.lower, below=self.is_level)))
        return [Path(tuple(points), self.style, self.stands_for, self.ends, self.is_slight)]


# ---- Households ---------------------------------------------------------------------------------


def _boundaries(symbols: Sequence[Symbol], household: Collection[str]) -> list[tuple[Point, ...]]:
    """Lines round those who live together, and round nobody else.

    People side by side are within one line; so are those above and below each other, by the gap
    between. Whoever stands apart has a line of their own.
    """
    rows: dict[int, list[Symbol]] = defaultdict(list)
    for symbol in symbols:
        rows[symbol.row].append(symbol)
    boxes: dict[int, list[Box]] = defaultdict(list)
    for row, members in rows.items():
        run: list[Symbol] = []
        # Nobody at the end, so that the last run of a row is closed like any other.
        along: list[Symbol | None] = [*sorted(members, key=lambda one: one.x), None]
        for nearby in along:
            if nearby is not None and nearby.figure.id in household:
                run.append(nearby)
            elif run:
                first, last = run[0].box, run[-1].box
                boxes[row].append(
                    Box(
                        first.left - REACH,
                        first.top - REACH,
                        last.right + REACH,
                        last.bottom + REACH,
                    )
                )
                run = []
    joined = [box for row in boxes.values() for box in row]
    for row, upper in boxes.items():
        for above in upper:
            for below in boxes.get(row + 1, ()):
                left, right = max(above.left, below.left), min(above.right, below.right)
                if right - left >= 2 * HALF:
                    joined.append(Box(left, above.bottom - 1, right, below.top + 1))
    return _outlines(joined)


def _outlines(boxes: Sequence[Box]) -> list[tuple[Point, ...]]:
    """The lines round the whole of some rectangles, corner by corner."""
    xs = sorted({x for box in boxes for x in (box.left, box.right)})
    ys = sorted({y for box in boxes for y in (box.top, box.bottom)})

    def within(column: int, row: int) -> bool:
        if not (0 <= column < len(xs) - 1 and 0 <= row < len(ys) - 1):
            return False
        x, y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
        return any(box.left < x < box.right and box.top < y < box.bottom for box in boxes)

    onward: dict[Point, list[Point]] = defaultdict(list)
    for column in range(len(xs) - 1):
        for row in range(len(ys) - 1):
            if not within(column, row):
                continue
            (left, right), (top, bottom) = xs[column : column + 2], ys[row : row + 2]
            for outside, start, end in (
                ((column, row - 1), (left, top), (right, top)),
                ((column + 1, row), (right, top), (right, bottom)),
                ((column, row + 1), (right, bottom), (left, bottom)),
                ((column - 1, row), (left, bottom), (left, top)),
            ):
                if not within(*outside):
                    onward[start].append(end)
    loops = []
    while onward:
        start = point = next(iter(onward))
        loop = []
        while True:
            loop.append(point)
            following = onward[point].pop()
            if not onward[point]:
                del onward[point]
            point = following
            if point == start:
                break
        loops.append(tuple(_corners(loop)))
    return loops


def _corners(loop: Sequence[Point]) -> list[Point]:
    """The points where a closed line turns."""
    return [
        point
        for before, point, after in zip(
            [loop[-1], *loop[:-1]], loop, [*loop[1:], loop[0]], strict=True
        )
        if not (before[0] == point[0] == after[0] or before[1] == point[1] == after[1])
    ]

"""What one person of a family is to another, in words. Pure: links in, words out.

Said are the ties that are recorded, and what follows from them in a step or two: a parent's mother
is a grandmother. What is further off is said by whom it goes through. Nothing is guessed.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from harbourlight.record.people.genogram import Link
from harbourlight.record.people.relations import Said, Tie

_FOLLOWS: Mapping[str, Said] = {
    "PP": Said(_("Grandparent"), _("Grandmother"), _("Grandfather")),
    "PPP": Said(_("Great-grandparent"), _("Great-grandmother"), _("Great-grandfather")),
    "CC": Said(_("Grandchild"), _("Granddaughter"), _("Grandson")),
    "PS": Said(_("Aunt or uncle"), _("Aunt"), _("Uncle")),
    "PPC": Said(_("Aunt or uncle"), _("Aunt"), _("Uncle")),
    "PSC": Said(_("Cousin")),
    "PPCC": Said(_("Cousin")),
    "SC": Said(_("Niece or nephew"), _("Niece"), _("Nephew")),
    "PCC": Said(_("Niece or nephew"), _("Niece"), _("Nephew")),
    "PM": Said(_("Parent’s partner or former partner")),
    "SM": Said(_("Partner of a brother or sister")),
    "PCM": Said(_("Partner of a brother or sister")),
    "MC": Said(_("Partner’s child")),
    "CM": Said(_("Child’s partner")),
    "MP": Said(_("Partner’s parent"), _("Partner’s mother"), _("Partner’s father")),
}
"""What follows from steps to a Parent, Child, Sibling or Mate."""

_FULL = Said(_("Full sibling"), _("Sister"), _("Brother"))
_HALF = Said(_("Half-sibling"), _("Half-sister"), _("Half-brother"))
_EITHER = Said(_("Full or half-sibling"), _("Sister or half-sister"), _("Brother or half-brother"))


@dataclass(frozen=True)
class _Step:
    to: str
    letter: str
    link: Link


class Kinship:
    """What everybody reached by some links is to one of them."""

    def __init__(
        self, index: str, links: Sequence[Link], sexes: Mapping[str, str], names: Mapping[str, str]
    ) -> None:
        self.index, self.sexes, self.names = index, sexes, names
        self.steps: dict[str, list[_Step]] = defaultdict(list)
        self.birth_parents: dict[str, set[str]] = defaultdict(set)
        self.direct: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            up, down = _LETTERS[link.declared.tie]
            self.steps[link.other].append(_Step(link.person, up, link))
            self.steps[link.person].append(_Step(link.other, down, link))
            if link.kind == "parent_birth":
                self.birth_parents[link.other].add(link.person)
            if self.index in (link.person, link.other):
                self.direct[link.other if link.person == index else link.person].append(link)
        self.ways = self._ways()

    def _ways(self) -> dict[str, tuple[_Step, ...]]:
        ways: dict[str, tuple[_Step, ...]] = {self.index: ()}
        queue = deque([self.index])
        while queue:
            one = queue.popleft()
            # Up, down and across before any looser tie, so that what follows is said where it may.
            for step in sorted(self.steps[one], key=lambda step: "PSCMO".index(step.letter)):
                if step.to not in ways:
                    ways[step.to] = (*ways[one], step)
                    queue.append(step.to)
        return ways

    def reaches(self, one: str) -> bool:
        """Whether any link leads to somebody."""
        return one in self.ways

    def of(self, one: str) -> str:
        """What somebody is to the person this is about; empty where no link leads to them."""
        if one == self.index or one not in self.ways:
            return ""
        sex = self.sexes.get(one, "U")
        if one in self.direct:
            said = dict.fromkeys(str(self._side(link, one).of(sex)) for link in self.direct[one])
            return "; ".join(said)
        way = self.ways[one]
        letters = "".join(step.letter for step in way)
        if letters == "PC":
            return str(self._sibling(one).of(sex))
        if letters in _FOLLOWS:
            return str(_FOLLOWS[letters].of(sex))
        return str(_("Connected through %(name)s")) % {"name": self.names[way[-2].to]}

    @staticmethod
    def _side(link: Link, one: str) -> Said:
        return link.declared.person if link.person == one else link.declared.other

    def _sibling(self, one: str) -> Said:
        mine, theirs = self.birth_parents[self.index], self.birth_parents[one]
        if len(mine & theirs) > 1:
            return _FULL
        return _HALF if len(mine) > 1 and len(theirs) > 1 else _EITHER


_LETTERS = {
    Tie.DESCENT: ("P", "C"),
    Tie.PARTNER: ("M", "M"),
    Tie.SIBLING: ("S", "S"),
    Tie.OTHER: ("O", "O"),
}

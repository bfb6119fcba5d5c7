"""Where a rule comes from, and how sure we are of it."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a fact was established."""

    VERIFIED = "V"  # read in the source's own text
    PROVISIONAL = "V*"  # read in an unmerged or provisional text
    SECONDARY = "S"  # read in a secondary page
    UNVERIFIED = "U"  # general knowledge

    @property
    def meaning(self) -> str:
        """What the mark tells a reader."""
        return {
            Mark.VERIFIED: "read in the source",
            Mark.PROVISIONAL: "read in a provisional text",
            Mark.SECONDARY: "read in a secondary page",
            Mark.UNVERIFIED: "general knowledge, not yet checked",
        }[self]


@dataclass(frozen=True, slots=True)
class Source:
    """A document, the place in it, and the mark of how it was read."""

    title: str
    place: str
    mark: Mark
    note: str = ""

    def __str__(self) -> str:
        return f"{self.title}, {self.place}" if self.place else self.title

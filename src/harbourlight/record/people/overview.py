"""What other apps say of a person: who holds the case, and sections of the child's page.

People lie beneath the rest of the record, so they do not ask: each app tells, once, when it is
ready. This holds nothing and decides nothing.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from harbourlight.foundation.accounts.models import User
from harbourlight.record.people.models import Person

# ---- The case -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A child's open case: since when, and who holds it. Names are empty where nobody does."""

    href: str
    since: date
    worker: str
    team: str

    @property
    def held_by(self) -> str:
        """The worker and team, in words."""
        if not self.worker:
            return (
                (gettext("Not allocated, %(team)s") % {"team": self.team})
                if self.team
                else gettext("Not allocated")
            )
        return f"{self.worker}, {self.team}" if self.team else self.worker


Cases = Callable[[Collection[str]], Mapping[str, Case]]

_cases: list[Cases] = []


def tell_cases(open_cases_of: Cases) -> None:
    """Say how open cases are found, by the identifiers of children."""
    _cases[:] = [open_cases_of]


def open_cases_of(child_ids: Collection[str]) -> Mapping[str, Case]:
    """The open case of each of these children who has one."""
    return _cases[0](child_ids) if _cases and child_ids else {}


# ---- Sections of the child's page ---------------------------------------------------------------


@dataclass(frozen=True)
class Section:
    """A part of the child's page: its heading, and the template that draws `content`.

    `id` is where it can be led to. `content` is ready to display.
    """

    id: str
    title: str
    template: str
    content: Any


SectionOf = Callable[[Person, User, date], Section]

_sections: list[tuple[int, SectionOf, bool]] = []


def tell_section(section_of: SectionOf, *, order: int, on_paper: bool = True) -> None:
    """Add a section to every child's page, and to the summary on paper. Lower orders come first."""
    _sections.append((order, section_of, on_paper))
    _sections.sort(key=lambda told: told[0])


def sections_of(child: Person, *, user: User, on: date, on_paper: bool = False) -> list[Section]:
    """The sections of a child's page, or of its summary, as this person may see them on a day."""
    return [
        section_of(child, user, on)
        for _, section_of, is_on_paper in _sections
        if is_on_paper or not on_paper
    ]

"""The pages a questionnaire is answered on: what is said once, then each child's own part.

A section with questions of both sorts has a page for what is said once, and one for each child.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from harbourlight.foundation.instruments.answering import Progress, progress
from harbourlight.foundation.instruments.instrument import Question, Section
from harbourlight.record.questionnaires.models import Response


@dataclass(frozen=True)
class Step:
    """One page of an occasion. `response` carries what is said once, too."""

    response: Response
    section: Section
    once: bool

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that may be on the page."""
        return questions_of(self.section, once=self.once)

    @property
    def href(self) -> str:
        """Its address."""
        page = "questionnaires:shared" if self.once else "questionnaires:answer"
        return reverse(page, args=[self.response.pk, self.section.name])

    @property
    def progress(self) -> Progress:
        """How far it is answered."""
        return progress(self.response.instrument, self.questions, self.response.answers)


def questions_of(section: Section, *, once: bool) -> tuple[Question, ...]:
    """The questions of a section that are said once, or that each child has."""
    return tuple(
        one for one in section.questions if not one.retired and one.about.is_said_once is once
    )


def steps_of(together: Sequence[Response]) -> list[Step]:
    """The pages of an occasion, section by section."""
    first = together[0]
    found = []
    for section in first.instrument.sections:
        if questions_of(section, once=True):
            found.append(Step(first, section, once=True))
        if questions_of(section, once=False):
            found += [Step(one, section, once=False) for one in together]
    return found


def step_after(steps: Sequence[Step], section: str, response: Response, *, once: bool) -> str:
    """The address of the next page that asks something; of the check once there is none."""
    place = next(
        number
        for number, one in enumerate(steps)
        if one.section.name == section
        and one.once is once
        and (once or one.response.pk == response.pk)
    )
    for one in steps[place + 1 :]:
        if one.progress.asked:
            return one.href
    return reverse("questionnaires:check", args=[response.occasion])

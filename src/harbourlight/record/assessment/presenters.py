"""What the pages of an assessment show, ready to display."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.assessment.forms import WriteForm
from harbourlight.record.assessment.models import Assessment, Stage
from harbourlight.record.assessment.policies import may_move
from harbourlight.standards import code_sets
from harbourlight.ui.words import in_language

TAG_COLOURS = {
    Stage.WRITING: "blue",
    Stage.SENT: "yellow",
    Stage.RETURNED: "orange",
    Stage.AUTHORISED: "green",
}

_PROSE = ("child_words", "history", "family_views", "analysis", "next_steps")

_WORTH_SAYING = {
    "child_words": gettext_noop("The child’s own words have not been recorded."),
    "family_views": gettext_noop(
        "The family’s views have not been recorded: are both parents heard?"
    ),
    "analysis": gettext_noop("There is no analysis."),
    "next_steps": gettext_noop("No decision or next step is written."),
}


@dataclass(frozen=True)
class Section:
    """One written part: its heading and text."""

    name: str
    heading: str
    text: str


def sections(assessment: Assessment) -> tuple[Section, ...]:
    """The written parts in the order of the form, empty ones too."""
    fields = WriteForm.base_fields
    return tuple(
        Section(name, in_language(fields[name].label), getattr(assessment, name)) for name in _PROSE
    )


def factors(assessment: Assessment) -> list[str]:
    """The factors found, in words as they were on the day it was authorised."""
    return [
        code_sets.label("assessment_factor", code, assessment.authorised_on)
        for code in assessment.factors
    ]


def worth_saying(assessment: Assessment) -> list[str]:
    """What a manager would look for and not find. It is said; it stops nobody."""
    missing = [
        in_language(text) for name, text in _WORTH_SAYING.items() if not getattr(assessment, name)
    ]
    if assessment.child_seen is None:
        missing.insert(0, _("Whether the child has been seen is not recorded."))
    elif not assessment.child_seen:
        missing.insert(0, _("The child has not been seen during this assessment."))
    if not assessment.factors:
        missing.append(
            _("No factors are chosen: the census needs them, or “No factors identified”.")
        )
    return missing


@dataclass(frozen=True)
class MayDo:
    """What this person may do to the assessment now."""

    write: bool
    send: bool
    decide: bool
    correct: bool


def may_do(user: User, assessment: Assessment) -> MayDo:
    """What the role and the state together allow."""
    writes = user.can(Capability.WRITE_ASSESSMENT)
    return MayDo(
        write=writes and may_move(assessment, Stage.WRITING),
        send=writes and may_move(assessment, Stage.SENT),
        decide=user.can(Capability.AUTHORISE_ASSESSMENT) and may_move(assessment, Stage.AUTHORISED),
        correct=user.can(Capability.CORRECT_RECORD) and not assessment.is_struck_out,
    )

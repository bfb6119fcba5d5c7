"""What is asked when a contact is recorded, decided or corrected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.foundation.correcting import CorrectionForm
from harbourlight.record.front_door.actions import REFERRAL, ForChild
from harbourlight.record.front_door.models import ContactChild
from harbourlight.record.workforce.choices import team_choices, worker_choices
from harbourlight.record.workforce.models import Professional, Team
from harbourlight.standards import code_sets
from harbourlight.ui import forms

EXISTING_REFERRAL = "existing_referral"


def _sources() -> tuple[tuple[str, str], ...]:
    return code_sets.choices("referral_source", localdate())


class ContactForm(forms.Form):
    """What was received, from whom and when, and which children it is about."""

    children = forms.CheckboxesField(
        label="Which children is it about?",
        noun="children",
        missing="Tick at least one child the contact is about",
        hint="Each child has a decision of their own. Tick every one of them.",
        choices=(),
    )
    received_at = forms.DateTimeField(
        label="When was it received?",
        noun="the time it was received",
        missing="Enter the date and time it was received",
        hint="The working day to decide it runs from here. Change it if it came earlier.",
        past=True,
    )
    source_code = forms.SelectField(label="Who made contact", choices=_sources)
    agency = forms.TextField(
        label="Name of the agency or person",
        hint="For example, the school.",
        max_length=255,
        required=False,
    )
    contact_person = forms.TextField(
        label="Who should hear what was decided",
        hint="A name and how to reach them.",
        max_length=255,
        required=False,
    )
    what_was_said = forms.TextAreaField(
        label="What was said",
        hint="In their words. What is fact, what is worry, and who saw or heard it.",
        rows=10,
    )

    def __init__(
        self, *args: Any, children: Sequence[forms.Choice | tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["children"].choices = children


class QueueFilterForm(forms.FilterForm):
    """Which contacts of the queue to show."""

    source = forms.SelectField(
        label="Who made contact", choices=_sources, blank="Anyone", required=False
    )


class DecideForm(forms.Form):
    """A manager's decision on a contact: the same questions for each child, answered for each."""

    seen = forms.HiddenField(required=False)
    """The decisions already made that the page showed, by identifier. The page draws it afresh."""
    shared = forms.TextAreaField(
        label="Reasons for every child",
        label_size="s",
        hint="What you weighed, and why. It is kept on the record of each of them.",
        rows=4,
        required=False,
    )

    QUESTIONS = ("level", "outcome", "primary_need", "team", "worker", "reasons")

    def __init__(
        self,
        *args: Any,
        lines: Sequence[ContactChild],
        open_cases: Mapping[str, Any],
        **more: Any,
    ) -> None:
        """`open_cases`: by child, for those who have one; they cannot be referred again."""
        super().__init__(*args, **more)
        self.lines, self.open_cases = lines, open_cases
        if len(lines) == 1:
            del self.fields["shared"]
        teams, workers = team_choices(), worker_choices()
        for line in lines:
            for question, field in self._questions(line, teams, workers):
                self.fields[f"{question}-{line.pk}"] = field

    def _questions(
        self,
        line: ContactChild,
        teams: Sequence[tuple[str, str]],
        workers: Sequence[tuple[str, str]],
    ) -> Iterator[tuple[str, Any]]:
        name, today, key = line.child.name, localdate(), line.pk
        has_case = line.child_id in self.open_cases
        yield (
            "level",
            forms.RadiosField(
                label="Level of need",
                noun=_("the level of need of %(name)s") % {"name": name},
                label_size="s",
                small=True,
                choices=code_sets.choices("level_of_need", today),
            ),
        )
        yield (
            "outcome",
            forms.RadiosField(
                label="What happens now?",
                noun=_("what happens now for %(name)s") % {"name": name},
                label_size="s",
                small=True,
                choices=code_sets.choices("decision_outcome", today),
                reveals={REFERRAL: [f"primary_need-{key}", f"team-{key}", f"worker-{key}"]},
                initial=EXISTING_REFERRAL if has_case else None,
            ),
        )
        yield (
            "primary_need",
            forms.SelectField(
                label="Primary need",
                noun=_("the primary need of %(name)s") % {"name": name},
                choices=code_sets.choices("primary_need", today),
            ),
        )
        yield (
            "team",
            forms.SelectField(
                label="Team", noun=_("the team for %(name)s") % {"name": name}, choices=teams
            ),
        )
        yield (
            "worker",
            forms.SelectField(
                label="Worker",
                noun=_("the worker for %(name)s") % {"name": name},
                hint="Leave it for the team’s manager to allocate, if you do not know.",
                choices=workers,
                blank="Not allocated yet",
                required=False,
            ),
        )
        alone = len(self.lines) == 1
        yield (
            "reasons",
            forms.TextAreaField(
                label="Reasons" if alone else "Reasons for this child alone",
                noun=_("the reasons for %(name)s") % {"name": name},
                label_size="s",
                hint="" if alone else _("Kept on %(name)s’s record and no other.") % {"name": name},
                rows=4,
                required=alone,
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Reasons for every child, shared or their own; no referral on an open case."""
        given = super().clean() or {}
        for line in self.lines:
            name, key = line.child.name, line.pk
            reasons = given.get("shared", "") + given.get(f"reasons-{key}", "")
            if len(self.lines) > 1 and not reasons.strip():
                self.add_error(
                    f"reasons-{key}", (_("Enter the reasons for %(name)s") % {"name": name})
                )
            if given.get(f"outcome-{key}") == REFERRAL and line.child_id in self.open_cases:
                self.add_error(
                    f"outcome-{key}",
                    (
                        _(
                            "%(name)s has an open case: pass this to the worker. It is not "
                            "another referral"
                        )
                        % {"name": name}
                    ),
                )
        return given

    def asked_of(self, line: ContactChild) -> list[Any]:
        """The questions about one child to draw; those that another reveals are drawn by it."""
        names = [f"{question}-{line.pk}" for question in ("level", "outcome", "reasons")]
        return [self[name] for name in names]

    def same_for_all(self) -> dict[str, Any]:
        """What was typed, with the first child's answers given to the others too.

        Not the reasons: what is said of one child alone must not reach another's record.
        """
        typed = forms.typed_in(self)
        first, *others = (line.pk for line in self.lines)
        for question in self.QUESTIONS:
            if question != "reasons":
                for key in others:
                    typed[f"{question}-{key}"] = typed[f"{question}-{first}"]
        return typed

    @property
    def decisions(self) -> list[ForChild]:
        """What was decided for each child, as the act takes it."""
        given = self.cleaned_data
        wanted = [given[f"worker-{line.pk}"] for line in self.lines]
        workers = Professional.objects.select_related("team").in_bulk([w for w in wanted if w])
        teams = Team.objects.in_bulk([t for line in self.lines if (t := given[f"team-{line.pk}"])])
        return [
            ForChild(
                line=line,
                level=given[f"level-{line.pk}"],
                outcome=given[f"outcome-{line.pk}"],
                reasons=self._reasons(line),
                primary_need=given[f"primary_need-{line.pk}"],
                team=teams.get(given[f"team-{line.pk}"]),
                worker=workers.get(given[f"worker-{line.pk}"]),
            )
            for line in self.lines
        ]

    def _reasons(self, line: ContactChild) -> str:
        shared = self.cleaned_data.get("shared", "").strip()
        own = self.cleaned_data[f"reasons-{line.pk}"].strip()
        return "\n\n".join(filter(None, (shared, own)))


class CorrectForm(CorrectionForm):
    """What was recorded of a contact."""

    received_at = forms.DateTimeField(
        label="When was it received?", noun="the time it was received", past=True
    )
    source_code = forms.SelectField(label="Who made contact", choices=_sources)
    agency = forms.TextField(label="Name of the agency or person", max_length=255, required=False)
    contact_person = forms.TextField(
        label="Who should hear what was decided", max_length=255, required=False
    )
    what_was_said = forms.TextAreaField(label="What was said", rows=10)

"""What is asked when a contact is recorded, decided or corrected."""

from collections.abc import Iterable
from typing import Any

from django.utils.timezone import localdate

from harbourlight.record.front_door.actions import REFERRAL
from harbourlight.record.people.models import Person
from harbourlight.record.workforce.choices import team_choices, worker_choices
from harbourlight.standards import code_sets
from harbourlight.ui import forms


def sources() -> tuple[tuple[str, str], ...]:
    """Who may make contact, as the census codes them today."""
    return code_sets.choices("referral_source", localdate())


class WhatWasReceived(forms.Form):
    """When a contact came, from whom, and what was said."""

    received_at = forms.DateTimeField(
        label="When was it received?",
        noun="when it was received",
        hint="The working day to decide it runs from here.",
        past=True,
    )
    source_code = forms.SelectField(label="Who made contact", choices=sources)
    agency = forms.TextField(
        label="Name of the agency or person", hint="For example, the school.", required=False
    )
    contact_person = forms.TextField(
        label="Who should hear what was decided",
        hint="A name and how to reach them.",
        required=False,
    )
    what_was_said = forms.TextAreaField(
        label="What was said",
        noun="what was said",
        hint="In their words. What is fact, what is worry, and who saw or heard it.",
        rows=8,
    )


class RecordContactForm(WhatWasReceived):
    """A contact, and which of the family it is about."""

    children = forms.CheckboxesField(
        label="Which children is it about?", noun="at least one child it is about"
    )

    field_order = ("children",)

    def __init__(self, *args: Any, family: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["children"].choices = [(child.pk, child.name) for child in family]


class CorrectContactForm(WhatWasReceived):
    """What was recorded wrongly of a contact, and why it changes."""

    because = forms.TextAreaField(
        label="Why is this being corrected?", noun="why this is being corrected", rows=3
    )


class DecideTogetherForm(forms.Form):
    """What is the same for every child of a contact; and which decisions the page already knew."""

    known = forms.HiddenField(required=False)
    shared_reasons = forms.TextAreaField(
        label="Reasons for every child",
        noun="the reasons",
        hint="What you weighed, and why. Add below what is different for one child.",
        rows=4,
        required=False,
    )

    def know(self, known: str) -> None:
        """Say that somebody has decided meanwhile, and let the next sending stand on that."""
        self.add_error(
            None,
            "Somebody else has decided this contact while you were writing: their decision is "
            "shown below. If yours should stand beside it, send again.",
        )
        self.carry("known", known)


class DecideForChildForm(forms.Form):
    """What is decided for one child."""

    level = forms.RadiosField(
        label="Level of need",
        noun="the level of need",
        choices=lambda: code_sets.choices("level_of_need", localdate()),
        inline=False,
        small=True,
    )
    outcome = forms.RadiosField(
        label="What happens now",
        noun="what happens now",
        choices=lambda: code_sets.choices("decision_outcome", localdate()),
        reveals={REFERRAL: ["primary_need", "team", "worker"]},
        small=True,
    )
    primary_need = forms.SelectField(
        label="Primary need",
        hint="The main reason the child needs a service now.",
        choices=lambda: code_sets.choices("primary_need", localdate()),
    )
    team = forms.SelectField(label="Team", choices=team_choices)
    worker = forms.SelectField(
        label="Worker",
        hint="Leave empty for the team to allocate.",
        choices=worker_choices,
        required=False,
    )
    reasons = forms.TextAreaField(
        label="Reasons for this child alone", noun="the reasons", rows=3, required=False
    )

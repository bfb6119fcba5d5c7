"""What is asked to decide whether two people are one."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from harbourlight.record.matching.models import Proposal
from harbourlight.record.people.models import Person
from harbourlight.ui import forms

KEEP = "keep:"


class DecideForm(forms.Form):
    """One person, two, or not sure; and why."""

    because = forms.TextAreaField(
        label=_("How do you know?"),
        hint=_("What you looked at, and whom you asked. It is kept with the decision."),
        noun=_("how you know"),
        rows=3,
    )

    def __init__(self, *args: Any, person: Person, other: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same = gettext("The same person: keep the record of %(name)s, %(id)s")
        moves = gettext("Everything held in the other is then in this one. It can be undone.")
        choices = [
            forms.Choice(f"{KEEP}{one.pk}", same % {"name": one.name, "id": one.pk}, hint=moves)
            for one in (person, other)
        ]
        different = gettext("They will not be proposed again unless what is held of them changes.")
        asked = gettext("They stay on the list while you ask somebody who knows them.")
        choices += [
            forms.Choice(Proposal.Decision.DIFFERENT, gettext("Different people"), hint=different),
            forms.Choice(Proposal.Decision.ASKED, gettext("Not sure: I am asking"), hint=asked),
        ]
        self.fields["decision"] = forms.RadiosField(
            label=_("Are they the same person?"), noun=_("whether they are"), choices=choices
        )
        self.order_fields(["decision", "because"])


class UndoForm(forms.Form):
    """Why a merger is undone."""

    because = forms.TextAreaField(
        label=_("Why are they two people?"), noun=_("why they are two people"), rows=3
    )

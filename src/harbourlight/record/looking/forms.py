"""How who looked is narrowed, and what is decided about unusual access."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from harbourlight.record.looking.models import AccessReview
from harbourlight.record.looking.rules import RULES
from harbourlight.ui import forms

WAITING = "waiting"
"""What nothing has been decided about, among the decisions to choose from."""


class WhoForm(forms.FilterForm):
    """Whose reading, of which page, and when."""

    reader = forms.SelectField(label=_("Who looked"), blank="Anyone", required=False)
    page = forms.SelectField(label=_("At what"), blank="Any page", required=False)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("To"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        readers: Sequence[tuple[str, str]],
        pages: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self.fields["reader"].choices = readers
        self.fields["page"].choices = pages

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for; of what was not typed rightly, nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class UnusualForm(forms.FilterForm):
    """Which unusual access, and what was decided about it."""

    decision = forms.SelectField(
        label=_("What was decided"),
        choices=[(WAITING, _("Nothing yet")), *AccessReview.Decision.choices],
        blank="Anything, or nothing yet",
        required=False,
    )
    rule = forms.SelectField(
        label=_("Why it is unusual"),
        choices=[(rule.code, rule.title) for rule in RULES],
        blank="Any reason",
        required=False,
    )
    reader = forms.SelectField(label=_("Who looked"), blank="Anyone", required=False)

    def __init__(self, data: Any, *, readers: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["reader"].choices = readers

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for; of what is not offered, nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ReviewForm(forms.Form):
    """What is decided about unusual access."""

    after = forms.HiddenField(required=False)
    """The last decision the page showed. The page draws it afresh."""
    decision = forms.RadiosField(
        label=_("What do you decide?"),
        noun=_("what you decide"),
        choices=AccessReview.Decision.choices,
    )
    words = forms.TextAreaField(
        label=_("What did you look at or hear, and what do you make of it?"),
        noun=_("your words"),
        rows=4,
    )

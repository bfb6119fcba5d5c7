"""What is asked when an episode is allocated, closed or corrected."""

from typing import Any

from django.utils.timezone import localdate

from harbourlight.foundation.correcting import CorrectionForm
from harbourlight.record.episodes.models import Episode
from harbourlight.record.workforce.choices import worker_choices
from harbourlight.standards import code_sets
from harbourlight.ui import forms


class AllocateForm(forms.Form):
    """Who takes the case, from when, and why it changes hands."""

    worker = forms.SelectField(label="Worker", choices=worker_choices)
    on = forms.DateField(label="From", past=True, initial=localdate)
    change_reason = forms.SelectField(
        label="Why the worker changes",
        hint="Leave empty for the first allocation.",
        choices=lambda: code_sets.choices("worker_change_reason", localdate()),
        required=False,
    )


class CloseForm(forms.Form):
    """When and why a case closes."""

    on = forms.DateField(label="Date the case closed", past=True, initial=localdate)
    reason = forms.RadiosField(
        label="Reason", choices=lambda: code_sets.choices("closure_reason", localdate())
    )


class CorrectForm(CorrectionForm):
    """What was recorded of a referral; and of its closing, of a case that is closed."""

    referred_at = forms.DateTimeField(
        label="When the referral was received", noun="when the referral was received", past=True
    )
    source_code = forms.SelectField(
        label="Who referred",
        choices=lambda: code_sets.choices("referral_source", localdate()),
    )
    primary_need = forms.SelectField(
        label="Primary need",
        choices=lambda: code_sets.choices("primary_need", localdate()),
        required=False,
    )
    no_further_action = forms.YesNoField(
        label="Did the referral lead to no further action?",
        noun="the referral leading to no further action",
        required=False,
    )
    closed_on = forms.DateField(label="Date the case closed", past=True, required=False)
    close_reason = forms.SelectField(
        label="Reason it closed",
        choices=lambda: code_sets.choices("closure_reason", localdate()),
        required=False,
    )

    def __init__(self, data: Any = None, *, row: Episode, **more: Any) -> None:
        """The codes are those of the day; an open case is closed on a page of its own."""
        super().__init__(data, row=row, **more)
        referred_on = localdate(row.referred_at)
        for name, codes, on in (
            ("source_code", "referral_source", referred_on),
            ("primary_need", "primary_need", referred_on),
            ("close_reason", "closure_reason", row.closed_on or referred_on),
        ):
            field: Any = self.fields[name]
            field.choices = code_sets.choices(codes, on)
            self.offer_still(field, getattr(row, name))
        if row.closed_on is None:
            for name in ("closed_on", "close_reason"):
                del self.fields[name]
                self.changeable.remove(name)

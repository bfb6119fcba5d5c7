"""What is asked when an episode is allocated, closed or corrected."""

from django.utils.timezone import localdate

from harbourlight.foundation.correcting import CorrectionForm
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
    """What was recorded of a referral."""

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

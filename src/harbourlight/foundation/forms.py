"""Forms that any part of the record may need."""

from harbourlight.ui import forms


class StrikeOutForm(forms.Form):
    """Why something was recorded in error."""

    because = forms.TextAreaField(label="Why was it recorded in error?", noun="the reason", rows=3)

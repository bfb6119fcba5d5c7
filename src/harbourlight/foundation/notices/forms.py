"""How a person wants to be told."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from harbourlight.foundation.notices.declaring import ByEmail, kinds
from harbourlight.ui import forms
from harbourlight.ui.words import in_language

_HOW = (
    (ByEmail.NO.value, gettext_noop("No e-mail")),
    (ByEmail.AT_ONCE.value, gettext_noop("An e-mail at once")),
    (ByEmail.DAILY.value, gettext_noop("In one e-mail a day")),
)


class ChoiceForm(forms.Form):
    """A work e-mail address, and for each kind of notice whether to be sent an e-mail."""

    email = forms.TextField(
        label="Your work e-mail address",
        noun="your e-mail address",
        hint="A link is sent there to confirm it. Leave it empty to be sent nothing.",
        required=False,
        max_length=254,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for kind in kinds():
            self.fields[f"kind-{kind.code}"] = forms.RadiosField(
                label=kind.label,
                choices=[(value, in_language(words)) for value, words in _HOW],
                noun=_("when you want an e-mail"),
            )

    def clean_email(self) -> str:
        """The address, if it can be one."""
        email: str = self.cleaned_data["email"].strip()
        if email:
            try:
                validate_email(email)
            except ValidationError as error:
                raise ValidationError(
                    _("Enter an e-mail address in the right form, like name@example.gov.uk")
                ) from error
        return email

    @property
    def by_email(self) -> dict[str, ByEmail]:
        """What was chosen for each kind."""
        return {kind.code: ByEmail(self.cleaned_data[f"kind-{kind.code}"]) for kind in kinds()}

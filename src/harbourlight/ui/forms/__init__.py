"""Forms whose fields draw themselves with the GOV.UK macros.

    class ContactForm(forms.Form):
        received_on = forms.DateField(label="Date received", past=True)

and in the template `{{ form.received_on.as_field_group() }}`, or `{{ form }}` for all of them.

Labels, hints and the words of errors come from the declaration, so a template never repeats them.
It knows no domain, and saves nothing.
"""

from harbourlight.ui.forms.base import FilterForm, Form, FormBehaviour, GroupForm
from harbourlight.ui.forms.fields import (
    CheckboxesField,
    CheckboxField,
    Choice,
    DateField,
    DateTimeField,
    HiddenField,
    NumberField,
    PasswordField,
    RadiosField,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
    YesNoField,
)
from harbourlight.ui.forms.repeating import Repeating, typed_in

__all__ = [
    "CheckboxField",
    "CheckboxesField",
    "Choice",
    "DateField",
    "DateTimeField",
    "FilterForm",
    "Form",
    "FormBehaviour",
    "GroupForm",
    "HiddenField",
    "NumberField",
    "PasswordField",
    "RadiosField",
    "Repeating",
    "SelectField",
    "TextAreaField",
    "TextField",
    "TimeField",
    "YesNoField",
    "typed_in",
]

"""Fields that draw themselves: a Django field, the GOV.UK macro it is drawn by, and its words.

Each takes, besides Django's own arguments:

`label`       what is asked; a question ends with a question mark
`hint`        help, in a sentence
`noun`        what it is called in an error ("date received"); the label when that is no question
`missing`     the whole error when it was left out, when "Enter …" or "Select …" will not do
`label_size`  "s", "m", "l" or "xl" for a label or legend drawn as a heading
`heading`     True where the label or legend is the heading of the page
`classes`     more classes for the input
"""

import abc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any, Self
from zoneinfo import ZoneInfo

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from harbourlight.ui import formats
from harbourlight.ui.forms import dates
from harbourlight.ui.words import each_time, in_language

Params = dict[str, Any]


class DrawnField(BoundField):
    """A field with what was typed in it, and what its macro needs to draw it."""

    field: Any

    def get_context(self) -> dict[str, Any]:
        """What the field's template is given."""
        return {"field": self, "params": self.field.params(self)}

    @property
    def id(self) -> str:
        """The id of the input, or the stem of its inputs' ids."""
        return self.auto_id

    @property
    def first_id(self) -> str:
        """The id of the box to put right first: where an error in the summary leads."""
        return self.field.first_id(self)

    @property
    def faulty_parts(self) -> tuple[str, ...]:
        """Of a field with several boxes, those the errors are about; empty for all of them."""
        data = self.form.errors.get(self.name)
        if data is None:
            return ()
        return tuple(
            part for error in data.as_data() for part in (error.params or {}).get("parts", ())
        )

    @property
    def error_text(self) -> str:
        """The first error, or nothing: one at a time is what a person can act on."""
        return str(self.errors[0]) if self.errors else ""

    def indexed(self, part: str = "") -> Params:
        """The attributes by which MOJ's script renumbers an input in a repeated group."""
        pattern = getattr(self.form, "name_pattern", None)
        if pattern is None:
            return {}
        name = f"{pattern}-{self.name}{part}"
        return {"data-name": name, "data-id": f"id_{name}"}


class Drawn(django_forms.Field):
    """Mixed into a Django field: its words, and the parameters all the macros share."""

    bound_field_class: type[BoundField] | None = DrawnField
    drawn_by: str
    """The template that calls the macro."""
    asks = gettext_noop("Enter %(noun)s")
    """How an error asks for what was left out."""
    marks_optional = True

    def __init__(
        self,
        *,
        label: str,
        hint: str = "",
        noun: str = "",
        missing: str = "",
        label_size: str = "",
        heading: bool = False,
        classes: str = "",
        **options: Any,
    ) -> None:
        if label.endswith("?") and not noun:
            raise ValueError(f"{label!r} is a question: give its noun, for errors.")
        self.hint, self.heading, self.classes = hint, heading, classes
        self.label_size, self.declared_noun, self.missing = label_size, noun, missing
        super().__init__(label=label, template_name=self.drawn_by, **options)
        self.error_messages["required"] = each_time(self._asked_for)

    def _asked_for(self) -> str:
        if self.missing:
            return in_language(self.missing)
        return in_language(self.asks, noun=self.noun)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied = super().__deepcopy__(memo)  # each form's own: its noun may be changed
        copied.error_messages["required"] = each_time(copied._asked_for)
        return copied

    @property
    def noun(self) -> str:
        """What it is called inside a sentence."""
        return in_language(self.declared_noun) or formats.in_sentence(in_language(self.label))

    @noun.setter
    def noun(self, noun: str) -> None:
        self.declared_noun = noun

    @property
    def subject(self) -> str:
        """What it is called, at the start of an error."""
        return self.noun[:1].upper() + self.noun[1:]

    def nothing(self) -> Any:
        """What the answer is where the question was not asked."""
        return getattr(self, "empty_value", None)

    def in_words(self, value: Any) -> str:
        """An answer as it is read back; empty if there was none."""
        return "" if value is None else str(value)

    def first_id(self, bound: DrawnField) -> str:
        """The id of the first box at fault."""
        return bound.id

    def label_params(self, bound: DrawnField, kind: str) -> Params:
        """The label or the legend, `kind` being which."""
        text = in_language(self.label)
        marks = self.marks_optional and getattr(bound.form, "marks_optional", True)
        if marks and not self.required:
            text = _("%(label)s (optional)") % {"label": text}
        size = self.label_size or ("l" if self.heading else "")
        stem = "govuk-fieldset__legend" if kind == "legend" else "govuk-label"
        return {
            "text": text,
            "classes": f"{stem}--{size}" if size else "",
            "isPageHeading": self.heading,
        }

    def common(self, bound: DrawnField) -> Params:
        """What every macro is given: identity, hint, error."""
        params: Params = {"id": bound.id, "name": bound.html_name, "classes": self.classes}
        if self.hint:
            params["hint"] = {"text": in_language(self.hint)}
        if bound.error_text:
            params["errorMessage"] = {
                "text": bound.error_text,
                "visuallyHiddenText": _("Error"),
            }
        params["attributes"] = bound.indexed()
        return params


# ---- One box ------------------------------------------------------------------------------------


def _too_long(subject: str, most: int) -> str:
    words = _("%(what)s must be %(most)s characters or fewer")
    return words % {"what": subject, "most": f"{most:,}"}


class TextField(Drawn, django_forms.CharField):
    """One line of text. `width`: 2, 3, 4, 5, 10, 20 or 30 characters, or "one-half" and such."""

    drawn_by = "ui/forms/text.html"

    def __init__(
        self,
        *,
        width: str = "",
        autocomplete: str = "",
        inputmode: str = "",
        spellcheck: bool | None = None,
        prefix: str = "",
        suffix: str = "",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.width, self.autocomplete, self.inputmode = width, autocomplete, inputmode
        self.spellcheck, self.prefix, self.suffix = spellcheck, prefix, suffix
        if self.max_length is not None:
            self.error_messages["max_length"] = each_time(self._too_long)

    def _too_long(self) -> str:
        return _too_long(self.subject, self.max_length or 0)

    def params(self, bound: DrawnField) -> Params:
        """What `govukInput` is given."""
        params = self.common(bound) | {"label": self.label_params(bound, "label")}
        params["value"] = bound.value() or ""
        if self.width:
            stem = "govuk-input--width-" if self.width.isdecimal() else "govuk-!-width-"
            params["classes"] = f"{stem}{self.width} {self.classes}".strip()
        if self.autocomplete:
            params["autocomplete"] = self.autocomplete
        if self.inputmode:
            params["inputmode"] = self.inputmode
        if self.spellcheck is not None:
            params["spellcheck"] = self.spellcheck
        for side in ("prefix", "suffix"):
            if text := getattr(self, side):
                params[side] = {"text": in_language(text)}
        return params


class NumberField(TextField):
    """A whole number, as text: a browser's number box changes when it is scrolled."""

    def __init__(
        self, *, least: int | None = None, most: int | None = None, **options: Any
    ) -> None:
        super().__init__(inputmode="numeric", **{"width": "5"} | options)
        self.least, self.most = least, most

    def clean(self, value: Any) -> Any:
        """The number, or None if nothing was typed."""
        typed = str(super().clean(value)).replace(",", "").replace(" ", "")
        if not typed:
            return None
        if not typed.lstrip("-").isascii() or not typed.lstrip("-").isdecimal():
            raise ValidationError(_("%(what)s must be a whole number") % {"what": self.subject})
        number = int(typed)
        if self.least is not None and number < self.least:
            raise ValidationError(
                _("%(what)s must be %(least)s or more")
                % {"what": self.subject, "least": f"{self.least:,}"}
            )
        if self.most is not None and number > self.most:
            raise ValidationError(
                _("%(what)s must be %(most)s or fewer")
                % {"what": self.subject, "most": f"{self.most:,}"}
            )
        return number

    def nothing(self) -> None:
        """No number."""

    def in_words(self, value: Any) -> str:
        """The number with its commas."""
        return "" if value is None else f"{value:,}"

    def params(self, bound: DrawnField) -> Params:
        """What `govukInput` is given; nought is a number and is shown."""
        value = bound.value()
        return super().params(bound) | {"value": "" if value is None else str(value)}


class TextAreaField(Drawn, django_forms.CharField):
    """Several lines of text, with a count of what is left where there is a limit."""

    widget = django_forms.Textarea
    drawn_by = "ui/forms/textarea.html"

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        super().__init__(**options)
        self.rows = rows
        if self.max_length is not None:
            self.error_messages["max_length"] = each_time(self._too_long)

    def _too_long(self) -> str:
        return _too_long(self.subject, self.max_length or 0)

    def to_python(self, value: Any) -> str:
        """The text with plain line ends: a browser sends two where it counts one."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def params(self, bound: DrawnField) -> Params:
        """What `govukTextarea` or `govukCharacterCount` is given."""
        params = self.common(bound) | {
            "label": self.label_params(bound, "label"),
            "rows": self.rows,
        }
        params["value"] = bound.value() or ""
        if self.max_length is not None:
            params["maxlength"] = self.max_length
            params["threshold"] = 75
        return params


class PasswordField(Drawn, django_forms.CharField):
    """A password, which can be shown while it is typed and is never sent back to the page."""

    widget = django_forms.PasswordInput
    drawn_by = "ui/forms/password.html"

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.autocomplete = autocomplete

    def in_words(self, value: Any) -> str:
        """Never the password."""
        return _("Given") if value else ""

    def params(self, bound: DrawnField) -> Params:
        """What `govukPasswordInput` is given."""
        return self.common(bound) | {
            "label": self.label_params(bound, "label"),
            "autocomplete": self.autocomplete,
            "showPasswordText": _("Show"),
            "hidePasswordText": _("Hide"),
            "showPasswordAriaLabelText": _("Show password"),
            "hidePasswordAriaLabelText": _("Hide password"),
            "passwordShownAnnouncementText": _("Your password is visible"),
            "passwordHiddenAnnouncementText": _("Your password is hidden"),
            "classes": f"govuk-!-width-two-thirds {self.classes}".strip(),
        }


class HiddenField(django_forms.CharField):
    """Something the page carries and nobody sees."""

    widget = django_forms.HiddenInput

    def nothing(self) -> str:
        """No text."""
        return ""


# ---- Choosing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One of the answers. `divider` is a word ("or") drawn before it."""

    value: str
    text: str
    hint: str = ""
    divider: str = ""


Choices = Iterable[Choice | tuple[str, str]]


class _Choosing(Drawn, django_forms.ChoiceField):
    """What radios, checkboxes and selects share: their choices, and what each reveals."""

    asks = gettext_noop("Select %(noun)s")

    def __init__(
        self,
        *,
        choices: Choices | Callable[[], Choices] = (),
        reveals: Mapping[str, Sequence[str]] | None = None,
        **options: Any,
    ) -> None:
        self.reveals = {value: tuple(names) for value, names in (reveals or {}).items()}
        super().__init__(choices=choices, **options)
        from_list = each_time(lambda: _("Select %(noun)s from the list") % {"noun": self.noun})
        self.error_messages["invalid_choice"] = from_list
        self.error_messages["invalid_list"] = from_list

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The choices as Django checks them."""
        return [(choice.value, choice.text) for choice in self.offered]

    @choices.setter  # type: ignore[override]  # ours may carry hints, and are never in groups
    def choices(self, source: Choices | Callable[[], Choices]) -> None:
        # One name for Django's deep copy to carry to each form.
        self._choices = source if callable(source) else [*source]
        self.are_declared = False
        self.__dict__.pop("offered", None)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied = super().__deepcopy__(memo)
        # Only a field that its form declares is copied, and only choices declared with it are
        # translated: those of a field made for one form, or given to it later, may be names.
        copied.are_declared = not callable(self._choices)
        copied.__dict__.pop("offered", None)
        return copied

    @cached_property
    def offered(self) -> list[Choice]:
        """The choices as they are drawn: asked for once for each form."""
        choices = self.as_given()
        if not self.are_declared:
            return [
                Choice(one.value, *map(str, (one.text, one.hint, one.divider))) for one in choices
            ]
        return [
            Choice(one.value, *map(in_language, (one.text, one.hint, one.divider)))
            for one in choices
        ]

    def as_given(self) -> list[Choice]:
        """The choices as they were declared or given, in no other language."""
        source = self._choices() if callable(self._choices) else self._choices
        return [one if isinstance(one, Choice) else Choice(*one) for one in source]

    def in_words(self, value: Any) -> str:
        """The words of what was chosen."""
        words = {choice.value: choice.text for choice in self.offered}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(words[str(one)] for one in chosen if str(one) in words)

    def revealed(self, bound: DrawnField, value: str) -> str:
        """The fields to show when a choice is taken, drawn."""
        return "".join(bound.form[name].as_field_group() for name in self.reveals.get(value, ()))

    def items(self, bound: DrawnField) -> list[Params]:
        """The choices for a macro, each with what it reveals."""
        items: list[Params] = []
        for number, choice in enumerate(self.offered, start=1):
            if choice.divider:
                items.append({"divider": choice.divider})
            item: Params = {"value": choice.value, "text": choice.text}
            if choice.hint:
                item["hint"] = {"text": choice.hint}
            if html := self.revealed(bound, choice.value):
                item["conditional"] = {"html": html}
            if attributes := bound.indexed():
                suffix = "" if number == 1 else f"-{number}"
                item["attributes"] = attributes | {"data-id": attributes["data-id"] + suffix}
            items.append(item)
        return items

    def group_params(self, bound: DrawnField) -> Params:
        """What `govukRadios` and `govukCheckboxes` are given."""
        params = self.common(bound)
        params["idPrefix"] = params.pop("id")
        params["attributes"] = {}
        return params | {
            "fieldset": {"legend": self.label_params(bound, "legend")},
            "items": self.items(bound),
        }


class RadiosField(_Choosing):
    """One of a few. `inline` for two short ones side by side.

    `reveals` names, for a choice, the fields to ask only if it is taken. They are required as they
    are declared when it is, and their answers are dropped when it is not.
    """

    widget = django_forms.RadioSelect
    drawn_by = "ui/forms/radios.html"

    def __init__(self, *, inline: bool = False, small: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.inline, self.small = inline, small

    def nothing(self) -> Any:
        """No choice."""
        return ""

    def params(self, bound: DrawnField) -> Params:
        """What `govukRadios` is given."""
        value = bound.value()
        kinds = [
            self.classes,
            "govuk-radios--inline" * self.inline,
            "govuk-radios--small" * self.small,
        ]
        return self.group_params(bound) | {
            "value": "" if value is None else str(value),
            "classes": " ".join(filter(None, kinds)),
        }


class YesNoField(RadiosField):
    """Yes or no, and nothing assumed. The answer is True, False, or None if it was not asked."""

    asks = gettext_noop("Select yes or no for %(noun)s")

    def __init__(self, **options: Any) -> None:
        choices = (("yes", gettext_noop("Yes")), ("no", gettext_noop("No")))
        super().__init__(choices=choices, **{"inline": not options.get("reveals")} | options)

    def prepare_value(self, value: Any) -> Any:
        """True and False as they are posted."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def clean(self, value: Any) -> Any:
        """True, False or None."""
        return {"yes": True, "no": False}.get(str(super().clean(value)))

    def nothing(self) -> None:
        """Not asked."""

    def in_words(self, value: Any) -> str:
        """Yes or no."""
        return {True: _("Yes"), False: _("No")}.get(value, "")


class SelectField(_Choosing):
    """One of many, from a list that opens. `blank` is what the list says before one is chosen."""

    drawn_by = "ui/forms/select.html"

    def __init__(self, *, blank: str = gettext_noop("Select one"), **options: Any) -> None:
        super().__init__(**options)
        self.blank = blank

    def nothing(self) -> str:
        """No choice."""
        return ""

    def params(self, bound: DrawnField) -> Params:
        """What `govukSelect` is given."""
        first: Params = {"value": "", "text": in_language(self.blank)}
        value = bound.value()
        return self.common(bound) | {
            "label": self.label_params(bound, "label"),
            "items": [first, *({"value": c.value, "text": c.text} for c in self.offered)],
            "value": "" if value is None else str(value),
        }


class CheckboxesField(_Choosing, django_forms.MultipleChoiceField):
    """Any of several. The answer is a list."""

    widget = django_forms.CheckboxSelectMultiple
    drawn_by = "ui/forms/checkboxes.html"

    def __init__(self, *, small: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.small = small

    def nothing(self) -> list[str]:
        """None of them."""
        return []

    def params(self, bound: DrawnField) -> Params:
        """What `govukCheckboxes` is given."""
        kinds = [self.classes, "govuk-checkboxes--small" * self.small]
        return self.group_params(bound) | {
            "values": [str(value) for value in bound.value() or []],
            "classes": " ".join(filter(None, kinds)),
        }


class CheckboxField(Drawn, django_forms.BooleanField):
    """One box to tick. The answer is True or False. Required means it must be ticked."""

    drawn_by = "ui/forms/checkboxes.html"
    marks_optional = False
    asks = gettext_noop("Select %(noun)s")

    def __init__(self, *, reveals: Sequence[str] = (), **options: Any) -> None:
        self.reveals = {"True": tuple(reveals)} if reveals else {}
        super().__init__(**options)

    def nothing(self) -> bool:
        """Not ticked."""
        return False

    def in_words(self, value: Any) -> str:
        """Yes or no."""
        return _("Yes") if value else _("No")

    def params(self, bound: DrawnField) -> Params:
        """What `govukCheckboxes` is given."""
        params = self.common(bound)
        params["idPrefix"] = params.pop("id")
        hint = params.pop("hint", None)
        item: Params = {
            "value": "on",
            "text": in_language(self.label),
            "checked": bool(bound.value()),
        }
        item |= {"hint": hint} if hint else {}
        if names := self.reveals.get("True"):
            html = "".join(bound.form[name].as_field_group() for name in names)
            item["conditional"] = {"html": html}
        item["attributes"] = params.pop("attributes")
        return params | {"items": [item]}


# ---- Dates and times ----------------------------------------------------------------------------


class _Boxes(django_forms.Widget):
    """Several text boxes, posted as `name-part`; their value is a dictionary of what was typed."""

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__()
        self.parts = tuple(parts)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        """What was typed in each box."""
        return {part: str(data.get(f"{name}-{part}", "")).strip() for part in self.parts}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether none of the boxes was on the page."""
        return all(f"{name}-{part}" not in data for part in self.parts)


class _InParts(Drawn, abc.ABC):
    """What dates and times in several boxes share."""

    parts: tuple[str, ...]

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_Boxes(self.parts), **options)

    def first_id(self, bound: DrawnField) -> str:
        """The first box at fault, or the first box."""
        faulty = bound.faulty_parts
        return f"{bound.id}-{faulty[0] if faulty else self.parts[0]}"

    def fault(self, fault: str, parts: tuple[str, ...] = (), **given: str) -> ValidationError:
        """An error that begins with what was asked for and knows its boxes."""
        words = in_language(f"%(what)s {fault}", what=self.subject, **given)
        return ValidationError(words.replace("%", "%%"), params={"parts": parts})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether what was typed differs from what was there."""
        return bool(self.typed(initial) != self.typed(data))

    @abc.abstractmethod
    def typed(self, value: Any) -> dict[str, str]:
        """A value as it stands in the boxes."""


_BOXES = {"day": gettext_lazy("Day"), "month": gettext_lazy("Month"), "year": gettext_lazy("Year")}


def _date_boxes(bound: DrawnField, typed: Mapping[str, str]) -> list[Params]:
    faulty = bound.faulty_parts
    marked = faulty or (dates.PARTS if bound.error_text else ())
    boxes = []
    for part in dates.PARTS:
        box: Params = {
            "name": part,
            "label": _BOXES[part],
            "id": f"{bound.id}-{part}",
            "value": typed.get(part, ""),
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
            + (" govuk-input--error" if part in marked else ""),
            "attributes": bound.indexed(f"-{part}"),
        }
        if part == "month":
            # A word is welcome, so the keyboard is not numbers alone.
            box |= {"inputmode": "text", "classes": box["classes"].replace("width-2", "width-4")}
        boxes.append(box)
    return boxes


def today() -> date:
    """Today in London. A form is the edge, where the question may be asked."""
    return timezone.localdate()


class DateField(_InParts):
    """A day, in three boxes. The answer is a `date`, or None.

    `past`: today or before. `future`: today or after. `earliest`, `latest`: a date, or a function
    that gives one when the form is sent.
    """

    drawn_by = "ui/forms/date.html"
    parts = dates.PARTS

    def __init__(
        self,
        *,
        past: bool = False,
        future: bool = False,
        earliest: date | Callable[[], date] = date(1900, 1, 1),
        latest: date | Callable[[], date] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.past, self.future, self.earliest, self.latest = past, future, earliest, latest

    def typed(self, value: Any) -> dict[str, str]:
        """The three boxes."""
        if isinstance(value, date):
            return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        return dates.split_date(value or {})

    def clean(self, value: Any) -> date | None:
        """The date. Raises `ValidationError` knowing the boxes at fault."""
        if isinstance(value, date):
            return value
        try:
            day = dates.read_date(value or {})
        except dates.Unreadable as unreadable:
            raise self.fault(unreadable.fault, unreadable.parts) from None
        if day is None:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        self.check_range(day)
        return day

    def in_words(self, value: Any) -> str:
        """The day in words."""
        return formats.date_in_words(value) if value else ""

    def check_range(self, day: date) -> None:
        """Refuse a day outside the range. Raises `ValidationError`."""
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if self.past and day > today():
            raise self.fault("must be today or in the past")
        if self.future and day < today():
            raise self.fault("must be today or in the future")
        if day < earliest:
            raise self.fault("must be on or after %(day)s", day=formats.date_in_words(earliest))
        if latest is not None and day > latest:
            raise self.fault("must be on or before %(day)s", day=formats.date_in_words(latest))

    def params(self, bound: DrawnField) -> Params:
        """What `govukDateInput` is given."""
        params = self.common(bound)
        params.pop("attributes")
        return params | {
            "namePrefix": params.pop("name"),
            "fieldset": {"legend": self.label_params(bound, "legend")},
            "items": _date_boxes(bound, self.typed(bound.value())),
        }


_EXAMPLE = gettext_noop("For example, 9:30am or 14:45")


class TimeField(TextField):
    """A time of day, typed as 2:05pm, 14:05 or midday. The answer is a `time`, or None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"width": "5", "hint": _EXAMPLE} | options)

    def clean(self, value: Any) -> Any:
        """The time. Raises `ValidationError`."""
        if isinstance(value, time):
            return value
        try:
            return dates.read_time(str(super().clean(value)))
        except dates.Unreadable as unreadable:
            words = in_language(f"%(what)s {unreadable.fault}", what=self.subject)
            raise ValidationError(words) from None

    def nothing(self) -> None:
        """No time."""

    def in_words(self, value: Any) -> str:
        """The time in words."""
        return "" if value is None else formats.clock_in_words(value)

    def prepare_value(self, value: Any) -> Any:
        """A time as a person writes it."""
        return formats.clock_as_typed(value) if isinstance(value, time) else value


class DateTimeField(_InParts):
    """A day and a time of day in London. The answer is an instant in UTC, or None.

    On the night the clocks go back an hour happens twice. A time in it is asked about, first or
    second, and is never refused; a time in the hour that is skipped in spring cannot have been.
    """

    drawn_by = "ui/forms/date-time.html"
    parts = (*dates.PARTS, "time", "which")

    def __init__(self, *, past: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.past = past

    def typed(self, value: Any) -> dict[str, str]:
        """The boxes, and which of two hours."""
        if isinstance(value, datetime):
            there = timezone.localtime(value)
            day = {"day": str(there.day), "month": str(there.month), "year": str(there.year)}
            return day | {
                "time": formats.clock_as_typed(there.time()),
                "which": str(there.fold + 1),
            }
        value = value or {}
        return dates.split_date(value) | {part: value.get(part, "") for part in ("time", "which")}

    def read(self, value: Any) -> tuple[date | None, time | None]:
        """The day and the time as typed. Raises `dates.Unreadable`."""
        return dates.read_date(value), dates.read_time(value.get("time", ""))

    def clean(self, value: Any) -> datetime | None:
        """The instant. Raises `ValidationError` knowing the boxes at fault."""
        if isinstance(value, datetime):
            return value
        value = value or {}
        try:
            day, at = self.read(value)
        except dates.Unreadable as unreadable:
            raise self.fault(unreadable.fault, unreadable.parts) from None
        if day is None and at is None:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if day is None:
            raise self.fault("must include a date", dates.PARTS)
        if at is None:
            raise self.fault("must include a time", ("time",))
        return self.settle(day, at, value.get("which", ""))

    def settle(self, day: date, at: time, which: str) -> datetime:
        """The instant a clock in London showed this. Raises `ValidationError`."""
        zone, shown = _here(), formats.clock_in_words(at)
        twice = dates.happens_twice(day, at, zone)
        if dates.never_happens(day, at, zone):
            raise self.fault(
                "cannot be %(time)s, because the clocks went forward that night",
                ("time",),
                time=shown,
            )
        if twice and which not in {"1", "2"}:
            raise self.fault(
                "must say which %(time)s, because the clocks went back that night",
                ("which",),
                time=shown,
            )
        there = datetime.combine(day, at, zone).replace(fold=int(twice and which == "2"))
        # In UTC, because Python neither subtracts nor compares rightly in an hour that happens
        # twice: the two differ by nothing there, and equal nothing elsewhere.
        instant = there.astimezone(UTC)
        if day < date(1900, 1, 1):
            earliest = formats.date_in_words(date(1900, 1, 1))
            raise self.fault("must be on or after %(day)s", day=earliest)
        if self.past and instant > timezone.now():
            raise self.fault("must be in the past")
        return instant

    def in_words(self, value: Any) -> str:
        """The instant in words, in London."""
        return formats.instant_in_words(value) if value else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether what was typed differs; which of two hours only where there were two."""
        was, now = self.typed(initial), self.typed(data)
        parts = self.parts if self.asks_which(data) else self.parts[:-1]
        return any(was[part] != now[part] for part in parts)

    def asks_which(self, value: Any) -> str:
        """The time that happened twice, as typed; empty when there is nothing to ask."""
        typed = self.typed(value)
        try:
            day, at = self.read(typed)
        except dates.Unreadable:
            return ""
        if day is None or at is None or not dates.happens_twice(day, at, _here()):
            return ""
        return formats.clock_in_words(at)

    def params(self, bound: DrawnField) -> Params:
        """What the template is given: the day, the time and, when it matters, which."""
        value = bound.value()
        typed = self.typed(value)
        params = self.common(bound)
        faulty = bound.faulty_parts
        in_time = bool(bound.error_text) and (not faulty or "time" in faulty)
        days = _date_boxes(bound, typed)
        if faulty and not set(faulty) & set(dates.PARTS):
            for box in days:
                box["classes"] = box["classes"].replace(" govuk-input--error", "")
        params |= {
            "legend": self.label_params(bound, "legend"),
            "date": {"id": bound.id, "namePrefix": bound.html_name, "items": days},
            "time": {
                "id": f"{bound.id}-time",
                "name": f"{bound.html_name}-time",
                "label": {"text": _("Time")},
                "hint": {"text": in_language(_EXAMPLE)},
                "value": typed["time"],
                "classes": "govuk-input--width-5" + " govuk-input--error" * in_time,
                "attributes": bound.indexed("-time"),
            },
        }
        if twice := self.asks_which(value):
            first = _("The first %(time)s, before the clocks went back")
            second = _("The second %(time)s, after the clocks went back")
            params["which"] = {
                "idPrefix": f"{bound.id}-which",
                "name": f"{bound.html_name}-which",
                "classes": "govuk-radios--small",
                "fieldset": {"legend": {"text": _("Which %(time)s?") % {"time": twice}}},
                "items": [
                    {"value": "1", "text": first % {"time": twice}},
                    {"value": "2", "text": second % {"time": twice}},
                ],
                "value": typed["which"],
            }
        return params


def _here() -> ZoneInfo:
    zone = timezone.get_current_timezone()
    if not isinstance(zone, ZoneInfo):
        raise TypeError("The time zone of the settings must be a place.")
    return zone

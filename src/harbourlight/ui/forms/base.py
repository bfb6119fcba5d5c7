"""What every form does: draw itself, list its errors, and ask some things only if."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms as django_forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _

from harbourlight.ui.forms.fields import DrawnField, HiddenField
from harbourlight.ui.forms.kept import kept_words
from harbourlight.ui.forms.resuming import is_resumed
from harbourlight.ui.words import in_language


class FormBehaviour:
    """Mixed into a Django form, ours or a library's, whose fields are those of this package."""

    template_name = "ui/forms/form.html"
    use_required_attribute = False  # the server's words, not the browser's

    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    def is_valid(self) -> bool:
        """Whether it was sent to be acted on, and is right."""
        return not is_resumed(self.data) and bool(super().is_valid())  # type: ignore[attr-defined,misc]

    def full_clean(self) -> None:
        """Judge what was sent; what is only shown again is not judged."""
        if is_resumed(self.data):  # type: ignore[attr-defined]
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()  # type: ignore[misc]

    @property
    def error_links(self) -> list[dict[str, str]]:
        """Each error in the order of the page: `text`, and `href` to the box to put right."""
        links = [{"text": str(text)} for text in self.non_field_errors()]  # type: ignore[attr-defined]
        for bound in self.in_order():
            links += [
                {"text": str(text), "href": f"#{bound.first_id}"}
                if isinstance(bound, DrawnField)
                else {"text": str(text)}
                for text in bound.errors
            ]
        return links

    def in_order(self) -> Iterator[Any]:
        """The fields as they come on the page: one that another reveals straight after it."""
        revealed = self._revealed_names()

        def walk(name: str) -> Iterator[BoundField]:
            yield self[name]  # type: ignore[index]
            for names in getattr(self.fields[name], "reveals", {}).values():
                for inner in names:
                    yield from walk(inner)

        for name in self.fields:
            if name not in revealed:
                yield from walk(name)

    def drawn(self) -> list[BoundField]:
        """The fields to draw one below the other; one that another reveals is drawn by it."""
        revealed = self._revealed_names()
        return [
            self[name]  # type: ignore[index]
            for name, field in self.fields.items()
            if name not in revealed and not field.widget.is_hidden
        ]

    def answers(self, href: str = "", *, leave_out: Iterable[str] = ()) -> list[dict[str, str]]:
        """What was given, in words, for `answers.html`; only after the form was found valid.

        What was not asked is left out; what was asked and not given says so. `href` is where it can
        be changed; each row leads to its own box there.
        """
        revealed = self._revealed_names()
        rows = []
        for bound in self.in_order():
            field = bound.field
            if field.widget.is_hidden or bound.name in leave_out:
                continue
            value = self.cleaned_data.get(bound.name)
            if bound.name in revealed and value == field.nothing():
                continue
            row = {
                "key": in_language(bound.label),
                "value": field.in_words(value) or _("Not given"),
            }
            if href:
                row["href"] = f"{href}#{bound.id}"
            rows.append(row)
        return rows

    def _revealed_names(self) -> set[str]:
        return {
            inner
            for field in self.fields.values()
            for names in getattr(field, "reveals", {}).values()
            for inner in names
        }

    def _clean_fields(self) -> None:
        """Clean each field; then drop what was not asked, with its errors and any stale answer."""
        super()._clean_fields()  # type: ignore[misc]  # a form's, which this is beside
        dropped: set[str] = set()
        for bound in self.in_order():
            given = bound.data if isinstance(bound.data, list) else [bound.data]
            chosen = set() if bound.name in dropped else {str(one) for one in given}
            for value, names in getattr(bound.field, "reveals", {}).items():
                if value not in chosen:
                    dropped.update(names)
        for name in dropped:
            self._errors.pop(name, None)
            self.cleaned_data[name] = self.fields[name].nothing()


class Form(FormBehaviour, django_forms.Form):
    """A form that is posted. Send its `submission` with the act, so that a retry acts once."""

    submission = HiddenField(initial=lambda: str(uuid.uuid4()), required=False)

    def get_initial_for_field(self, field: Any, field_name: str) -> Any:
        """What the field begins with: what was typed before a session ended, where it was kept."""
        kept = None if self.is_bound else kept_words()
        if kept and any(
            kept.answers(self.add_prefix(name))
            for name, one in self.fields.items()
            if not one.widget.is_hidden
        ):
            kept.taken = True
            return field.widget.value_from_datadict(kept.typed, {}, self.add_prefix(field_name))
        return super().get_initial_for_field(field, field_name)

    def carry(self, name: str, value: str) -> None:
        """Let the page that is drawn again carry `value` in a field nobody sees."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed[self.add_prefix(name)] = value
        self.data = typed

    def clean_submission(self) -> str:
        """A UUID in its usual spelling; a new one if it was lost or altered on the way."""
        try:
            return str(uuid.UUID(self.cleaned_data.get("submission") or ""))
        except ValueError:
            return str(uuid.uuid4())


class GroupForm(FormBehaviour, django_forms.Form):
    """The fields of one of several, for `Repeating`; what holds them is posted with a `Form`."""


class FilterForm(FormBehaviour, django_forms.Form):
    """A form that only chooses what to show: its state is in the address, and it saves nothing."""

    marks_optional = False  # nothing in it need be chosen

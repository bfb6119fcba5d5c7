"""What is asked of a document."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.correcting import CorrectionForm
from harbourlight.foundation.documents import inspecting
from harbourlight.record.documents.models import Document
from harbourlight.record.documents.policies import areas_open_to
from harbourlight.ui import forms
from harbourlight.ui.forms.files import FilesField
from harbourlight.ui.words import each_time

_ACCEPT = ",".join(f".{kind.extension}" for kind in inspecting.KINDS)


def _what_is_kept() -> str:
    words = {"most": settings.DOCUMENT_LARGEST, "kinds": inspecting.kinds_in_words()}
    return gettext("Each smaller than %(most)sMB: %(kinds)s.") % words


def _files(*, many: bool) -> FilesField:
    return FilesField(
        label="Files" if many else "File",
        hint=each_time(_what_is_kept),
        missing="Choose at least one file" if many else "Choose a file",
        largest=settings.DOCUMENT_LARGEST,
        many=many,
        accept=_ACCEPT,
    )


class AddForm(forms.Form):
    """Files, what they are and whose."""

    child = forms.CheckboxesField(
        label="Whose record do they belong on?", noun="at least one child", required=False
    )
    kind = forms.SelectField(
        label="What kind of document is it?",
        noun="the kind of document",
        choices=Document.Kind.choices,
    )
    title = forms.TextField(
        label="Title",
        hint="For one file. Without it, and for several, the file's own name is used.",
        required=False,
        max_length=200,
    )
    received_on = forms.DateField(label="Date received or written", past=True)
    from_whom = forms.TextField(label="Who is it from?", noun="who it is from", required=False,
                                max_length=200)  # fmt: skip
    is_significant = forms.CheckboxField(
        label="Mark it as significant in the child's life", required=False
    )
    area = forms.RadiosField(label="Where does it belong?", noun="where it belongs", choices=[])

    def __init__(
        self, *args: Any, user: User, children: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["child"].choices = [*children]
        if len(children) < 2:
            del self.fields["child"]
        areas = areas_open_to(user)
        if len(areas) < 2:
            del self.fields["area"]
        else:
            labels = dict(Document.Area.choices)
            self.fields["area"].choices = [(area or "record", labels[area]) for area in areas]
        self.fields["files"] = _files(many=True)
        self.order_fields(["files"])


class VersionForm(forms.Form):
    """A newer file of a document."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["files"] = _files(many=False)


class CorrectDocumentForm(CorrectionForm):
    """What is said of a document."""

    title = forms.TextField(label="Title", max_length=200)
    kind = forms.SelectField(label="Kind of document", choices=Document.Kind.choices)
    received_on = forms.DateField(label="Date received or written", past=True)
    from_whom = forms.TextField(
        label="Who is it from?", noun="who it is from", required=False, max_length=200
    )
    is_significant = forms.CheckboxField(label="Significant in the child's life", required=False)


class MoveForm(forms.Form):
    """Whose record a document belongs on instead, and why."""

    child = forms.TextField(
        label="Identifier of the child it belongs to",
        hint="It is on the child's page, beside their name.",
        max_length=48,
        width="20",
    )
    because = forms.TextAreaField(label="Why is it being moved?", noun="the reason", rows=3)


class LetterForm(forms.Form):
    """Whom a letter goes to, and what it says."""

    to = forms.TextAreaField(
        label="Who is it to?",
        noun="who it is to",
        hint="Name and address, as it is to stand on the letter. None is taken from the record.",
        rows=4,
    )
    words = forms.TextAreaField(label="What does it say?", noun="what it says", rows=16)

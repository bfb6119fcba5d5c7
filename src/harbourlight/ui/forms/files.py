"""Choosing files. What is in them is for whoever keeps them to judge: here only how many and big.

A file cannot be carried from page to page, so a form that asks for one says so if it must be chosen
again.
"""

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from harbourlight.ui.forms.fields import Drawn, DrawnField, Params


class _ManyFiles(django_forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        """Every file chosen; Django's own gives the last."""
        return files.getlist(name) if hasattr(files, "getlist") else [*files.get(name, [])]


class FilesField(Drawn, django_forms.FileField):
    """One or several files. `largest` in megabytes, for each; `accept` as HTML has it."""

    widget = _ManyFiles
    drawn_by = "ui/forms/files.html"
    asks = gettext_noop("Choose %(noun)s")

    def __init__(
        self, *, largest: int, many: bool = True, most: int = 20, accept: str = "", **options: Any
    ) -> None:
        self.largest, self.many, self.most, self.accept = largest, many, most, accept
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files, in the order they were chosen."""
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not given:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        if len(given) > (self.most if self.many else 1):
            raise ValidationError(
                _("Choose at most %(most)s files at a time")
                % {"most": self.most if self.many else 1}
            )
        for one in given:
            if one.size > self.largest * 1024 * 1024:
                raise ValidationError(
                    _("%(file)s must be smaller than %(most)sMB")
                    % {"file": one.name, "most": self.largest}
                )
        return given

    def nothing(self) -> list[UploadedFile]:
        """No files."""
        return []

    def in_words(self, value: Any) -> str:
        """The names of the files."""
        return ", ".join(str(one.name) for one in value or [])

    def params(self, bound: DrawnField) -> Params:
        """What `govukFileUpload` is given."""
        params = self.common(bound) | {"label": self.label_params(bound, "label")}
        if self.many:
            params |= {"multiple": True, "javascript": True}  # files may be dropped on it
        if self.accept:
            params["attributes"] = params["attributes"] | {"accept": self.accept}
        return params

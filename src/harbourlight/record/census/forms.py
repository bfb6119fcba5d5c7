"""What is asked of the findings to show, and of a file to check."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from harbourlight.record.census.models import Kind
from harbourlight.record.census.selectors import NOBODY
from harbourlight.returns.cin.conditions import year_name
from harbourlight.returns.cin.rules import BY_CODE, FIRST_YEAR, LAST_YEAR
from harbourlight.ui import forms
from harbourlight.ui.forms.files import FilesField
from harbourlight.ui.words import each_time


class FindingsForm(forms.FilterForm):
    """Which findings: of what kind, of which rule, and whose."""

    kind = forms.SelectField(
        label=_("Kind"),
        choices=[(kind.code, kind.label) for kind in Kind if kind is not Kind.YEAR_ON_YEAR],
        blank="Any kind",
        required=False,
    )
    rule = forms.SelectField(label=_("Rule"), blank="Any rule", required=False)
    team = forms.SelectField(label=_("Team"), blank="Any team, or nobody’s", required=False)
    worker = forms.SelectField(label=_("Worker"), blank="Anyone’s, or nobody’s", required=False)

    def __init__(
        self,
        data: Any,
        *,
        rules: Iterable[tuple[str, str]],
        teams: Iterable[tuple[str, str]] | None = None,
        workers: Iterable[tuple[str, str]] | None = None,
        is_built: bool = True,
    ) -> None:
        super().__init__(data)
        if not is_built:
            kinds = self.fields["kind"].choices
            self.fields["kind"].choices = [one for one in kinds if one[0] != Kind.BUILD.code]
        self.fields["rule"].choices = self._with_asked("rule", rules)
        for name, choices in (("team", teams), ("worker", workers)):
            if choices is None:
                del self.fields[name]
            else:
                given = (*choices, (NOBODY, gettext("Nobody")))
                self.fields[name].choices = self._with_asked(name, given)

    def _with_asked(self, name: str, choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The choices, and what the address asks for though nothing of it is found any more: it
        must list nothing, and not everything."""
        offered = [*choices]
        asked = self.data.get(name, "")
        if asked and asked not in dict(offered):
            is_rule = name == "rule" and asked in BY_CODE
            offered.append((asked, asked if is_rule else gettext("Nothing is found of this")))
        return offered

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for; of what is not offered, nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _what_is_taken() -> str:
    return gettext("An XML file smaller than %(most)sMB, as it was made for the collection.") % {
        "most": settings.CENSUS_LARGEST
    }


class FileForm(forms.Form):
    """A census that another system made; which one it is; and last year's."""

    year = forms.SelectField(
        label=_("Which census is it?"),
        noun=_("which census it is"),
        blank="As its header says",
        choices=[(str(year), year_name(year)) for year in range(FIRST_YEAR, LAST_YEAR + 1)],
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["census_file"] = _file(
            label=_("Census file"),
            hint=each_time(_what_is_taken),
            missing=_("Choose the census file"),
        )
        self.fields["last_file"] = _file(
            label=_("Last year’s census file"),
            hint=_("With it the figures are compared with last year’s."),
            required=False,
        )
        self.order_fields(["census_file", "year", "last_file"])


def _file(**options: Any) -> FilesField:
    return FilesField(largest=settings.CENSUS_LARGEST, many=False, accept=".xml", **options)

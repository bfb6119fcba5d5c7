"""How a chronology is narrowed."""

from collections.abc import Sequence
from typing import Any

from harbourlight.record.chronology.selectors import Asked
from harbourlight.ui import forms


class ChronologyForm(forms.FilterForm):
    """Whose chronology, which kinds of event, when, and with which words."""

    child = forms.CheckboxesField(
        label="Children", noun="children", required=False, small=True, choices=()
    )
    words = forms.TextField(label="Words", required=False, max_length=100)
    significant = forms.CheckboxField(label="Significant only", required=False)
    late = forms.CheckboxField(label="Recorded late only", required=False)
    since = forms.DateField(label="From", required=False)
    until = forms.DateField(label="To", required=False)
    kind = forms.CheckboxesField(
        label="What happened",
        hint="All of it, unless you tick some.",
        noun="kind",
        required=False,
        small=True,
        choices=(),
    )

    def __init__(
        self,
        data: Any,
        *,
        children: Sequence[tuple[str, str]],
        kinds: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self.fields["child"].choices = children
        self.fields["kind"].choices = kinds
        if not children:
            del self.fields["child"]

    @property
    def asked(self) -> Asked:
        """What is asked for; of what was not typed rightly, nothing."""
        given = self.cleaned_data
        return Asked(
            kinds=given.get("kind") or (),
            since=given.get("since"),
            until=given.get("until"),
            significant=bool(given.get("significant")),
            late=bool(given.get("late")),
            words=given.get("words") or "",
        )

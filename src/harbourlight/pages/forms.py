"""Choosing what a page shows. Nothing here is saved: the choice is in the address."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from harbourlight.record.workforce.models import Team
from harbourlight.ui import forms


class TeamForm(forms.FilterForm):
    """Which team to look at, of those a manager may."""

    team = forms.SelectField(label="Team", required=False)

    def __init__(self, *given: Any, teams: Sequence[Team], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["team"].choices = [(team.pk, team.name) for team in teams]


class BoardForm(TeamForm):
    """Which team's entries to count, and on which day to stand."""

    as_at = forms.DateField(
        label="As it stood at the end of",
        noun="the day",
        hint="For example, 31 3 2026. Leave empty for now.",
        required=False,
        past=True,
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["team"].blank = _("All teams")

"""What a person asked a page to show: which team, and on which day the board is to stand."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from harbourlight.pages.forms import BoardForm
from harbourlight.record.live_ledger.selectors import london_time
from harbourlight.record.workforce.models import Team
from harbourlight.standards.clocks import END_OF_DAY


@dataclass(frozen=True)
class Asked:
    """How the board is to be shown. `day` is None for now, and `as_at` is then this moment.

    `now` is an instant, and `as_at` a time by the clock in London, as entries hold theirs.
    `was_typed` where the day came in the form's three boxes: the page then goes to its `address`,
    so that one board has one address.
    """

    path: str
    was_typed: bool
    form: BoardForm
    team: Team | None
    day: date | None
    now: datetime
    as_at: datetime

    @property
    def team_id(self) -> str | None:
        """The team whose entries are counted; None for all."""
        return self.team.pk if self.team else None

    @property
    def address(self) -> str:
        """This page, with what is chosen."""
        return f"{self.path}{self.query()}"

    def query(self, *, team: bool = True, day: bool = True) -> str:
        """What is chosen, for an address: empty, or from `?` on. Leave out what is taken off."""
        chosen = {}
        if team and self.team:
            chosen["team"] = self.team.pk
        if day and self.day:
            chosen["as_at"] = self.day.isoformat()
        return f"?{urlencode(chosen)}" if chosen else ""


def asked_of_board(request: HttpRequest) -> Asked:
    """What the address asks. What cannot be read is said on the form, and not acted upon."""
    teams = {team.pk: team for team in Team.objects.all()}
    given = request.GET.copy()
    if whole := given.get("as_at"):
        given.setdefault("as_at-day", whole)
    form = BoardForm(given, teams=[*teams.values()])
    was_typed = form.is_valid() and "as_at-day" in request.GET
    day = form.cleaned_data.get("as_at")
    now = timezone.now()
    if day == timezone.localdate(now):
        day = None
    as_at = datetime.combine(day, END_OF_DAY) if day else london_time(now)
    return Asked(
        path=request.path,
        was_typed=was_typed,
        form=form,
        team=teams.get(form.cleaned_data.get("team", "")),
        day=day,
        now=now,
        as_at=as_at,
    )

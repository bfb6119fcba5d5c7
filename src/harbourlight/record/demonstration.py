"""The demonstration's accounts: one for each role, tied to people in the simulated trust.

Passwords are made at the first start, kept in a file only its owner can read, and printed at each
start, because the demonstration is for trying things out. Never used by a real record.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Count, Q
from django.utils.timezone import localdate

from harbourlight.foundation.access import ROLES, Capability, Role, role_for
from harbourlight.foundation.accounts.actions import add_account, make_password
from harbourlight.foundation.accounts.models import User
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.live_ledger.selectors import london_time, waiting
from harbourlight.record.workforce.models import Professional, Team

TIME_LIMITED_FOR = timedelta(days=90)
"""How long an account lasts whose role must have a last day; longer at each start after it."""


@dataclass(frozen=True)
class SignIn:
    """How to sign in as somebody."""

    role: str
    username: str
    password: str
    full_name: str


def prepare(kept: Path, *, at: datetime) -> list[SignIn]:
    """The demonstration's sign-ins, made if they are not there yet.

    `kept` is the file that holds them. Where it has been lost, or an account with it, the account
    is given a new password.
    """
    before = {card.username: card for card in _read(kept)}
    people = None
    cards = {}
    author: User | None = None
    ends_on = localdate(at) + TIME_LIMITED_FOR
    for role in sorted(ROLES, key=_manages_accounts, reverse=True):  # everyone else's author first
        username = role.code.replace("_", ".")
        user = User.objects.filter(username=username).first()
        card = before.get(username)
        if user is None:
            people = people or _people(at)
            person = people.get(role.code)
            user, password = add_account(
                username=username,
                full_name=person.name if person else role.name.capitalize(),
                role=role.code,
                job_title=role.name.capitalize(),
                team_id=person.team_id if person else None,
                professional_id=person.pk if person else None,
                ends_on=ends_on if role.time_limited else None,
                password=make_password(),
                by=author,
                at=at,
            )
            card = SignIn(role.code, username, password, user.full_name)
        elif card is None:
            password = make_password()
            user.set_password(password)
            user.save(update_fields=["password"])
            card = SignIn(role.code, username, password, user.full_name)
        if role.time_limited and not user.is_open_on(localdate(at)):
            user.ends_on = ends_on
            user.save(update_fields=["ends_on"])
        author = author or user
        cards[role.code] = card
    in_order = [cards[role.code] for role in ROLES]
    _write(kept, in_order)
    return in_order


def _manages_accounts(role: Role) -> bool:
    return Capability.MANAGE_ACCOUNTS in role.capabilities


def sign_in_lines(cards: Sequence[SignIn]) -> list[str]:
    """A line for each sign-in: role, username, password, and whom it is."""
    lines = [f"{'Role':<22}{'Username':<22}{'Password':<22}Name"]
    for card in cards:
        role = role_for(card.role).name.capitalize()
        lines.append(f"{role:<22}{card.username:<22}{card.password:<22}{card.full_name}")
    return lines


def _people(at: datetime) -> dict[str, Professional]:
    """Whom to sign in as: workers of the trust with something to do."""
    chosen: dict[str, Professional] = {}
    deciders = (
        Professional.objects.at_work()
        .annotate(decided=Count("decisions", filter=Q(decisions__about="contact")))
        .filter(decided__gt=0, team__isnull=False)
        .order_by("-decided", "id")
    )
    manager = deciders.first()
    if manager is not None:
        chosen["front_door_manager"] = manager
        colleague = (
            Professional.objects.at_work().in_team(manager.team_id).exclude(pk=manager.pk).last()
        )
        if colleague is not None:
            chosen["front_door_worker"] = colleague
    load = (
        waiting(Entry.objects.filter(worker_id__isnull=False), london_time(at))
        .order_by()
        .values("worker_id", "team_id")
        .annotate(entries=Count("about_id"))
        .order_by("-entries", "worker_id")
    )
    taken = {person.pk for person in chosen.values()}
    for row in load:
        worker = Professional.objects.at_work().filter(pk=row["worker_id"]).first()
        if worker is None or worker.pk in taken or worker.team is None:
            continue
        chosen["social_worker"] = worker
        chosen["team_manager"] = _manager_of(worker.team, besides=worker)
        break
    return chosen


def _manager_of(team: Team, *, besides: Professional) -> Professional:
    colleagues = Professional.objects.at_work().in_team(team.pk).exclude(pk=besides.pk)
    managers = colleagues.filter(job_title__icontains="manager")
    found = managers.first() or colleagues.filter(allocations__isnull=True).first()
    if found is not None:
        return found
    return Professional.objects.create(name="Team Manager", job_title="Team manager", team=team)


def _read(kept: Path) -> list[SignIn]:
    try:
        return [SignIn(**row) for row in json.loads(kept.read_text(encoding="utf-8"))]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def _write(kept: Path, cards: Sequence[SignIn]) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="utf-8") as stream:
        json.dump([asdict(card) for card in cards], stream, indent=1)

"""Opening, allocating, correcting and closing a child's episode of need."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.facts import correct, strike_out
from harbourlight.record.episodes.models import Allocation, Episode
from harbourlight.record.front_door.models import ContactChild
from harbourlight.record.people.models import Person
from harbourlight.record.workforce.models import Professional, Team

CASE_WORKER = "Allocated Case Worker"


@dataclass(frozen=True)
class Referred:
    """What is known when a child is referred."""

    received_at: datetime
    source_code: str = ""
    source_name: str = ""
    primary_need: str = ""
    no_further_action: bool | None = False


def open_episode(
    *,
    by: User,
    at: datetime,
    child: Person,
    referred: Referred,
    team: Team | None,
    worker: Professional | None = None,
    contact: ContactChild | None = None,
) -> Episode:
    """Open the episode a referral begins, and allocate it where a worker is named.

    Raises `Refused` when the child has an open episode: new information on an open case is not a
    referral (census guide s4.2).
    """
    with acting("episode:open", by=by, at=at) as act:
        _require_no_open_episode(child, field="outcome")
        episode = Episode.objects.create(
            child=child,
            contact=contact,
            referred_at=referred.received_at,
            source_code=referred.source_code,
            source_name=referred.source_name,
            primary_need=referred.primary_need,
            no_further_action=referred.no_further_action,
            team=team,
            worker=worker,
            recorded_at=at,
            recorded_by=by,
        )
        act.on(episode=episode.pk)
        act.touches(child.pk)
        if worker is not None:
            allocate(by=by, at=at, episode=episode, team=team, worker=worker, on=localdate(at))
    return episode


def _require_no_open_episode(child: Person, *, field: str) -> None:
    still_open = Episode.objects.still_open().filter(child=child)
    if still_open.select_for_update().exists():
        raise Refused(
            (
                _(
                    "%(name)s already has an open referral. New information on an open "
                    "case is passed to the worker; it is not another referral."
                )
                % {"name": child.name}
            ),
            field=field,
        )


def allocate(
    *,
    by: User,
    at: datetime,
    episode: Episode,
    team: Team | None,
    worker: Professional,
    on: date,
    change_reason: str = "",
) -> Allocation:
    """Give an episode to a worker from a day, ending the allocation it had.

    Raises `Refused` when the day is before the allocation now open began, or the case is closed.
    """
    with acting("episode:allocate", by=by, at=at) as act:
        if not episode.is_open:
            raise Refused(_("This case is not open: only an open case is allocated to a worker"))
        now_open = (
            Allocation.objects.standing()
            .select_for_update()
            .filter(episode=episode, role=CASE_WORKER, ended_on__isnull=True)
            .first()
        )
        if now_open is not None:
            if now_open.started_on and on < now_open.started_on:
                raise Refused(
                    (
                        _(
                            "The present worker began on %(started_on)s: choose that day or a "
                            "later one"
                        )
                        % {"started_on": f"{now_open.started_on:%-d %B %Y}"}
                    ),
                    field="on",
                )
            now_open.ended_on = on
            now_open.save(update_fields=["ended_on"])
        allocation = Allocation.objects.create(
            episode=episode,
            child_id=episode.child_id,
            worker=worker,
            team=team,
            started_on=on,
            change_reason=change_reason or ("" if now_open else "FCONTA"),
            recorded_at=at,
            recorded_by=by,
        )
        act.on(episode=episode.pk, allocation=allocation.pk)
        act.touches(episode.child_id)
    return allocation


def close_episode(*, by: User, at: datetime, episode: Episode, on: date, reason: str) -> None:
    """Close a case on a day, with the reason, and end its allocation.

    Raises `Refused` when it is already closed, or the day is before the referral.
    """
    with acting("episode:close", by=by, at=at) as act:
        if not episode.is_open:
            raise Refused(_("This case is not open"))
        if on < localdate(episode.referred_at):
            raise Refused(_("A case cannot close before the day it was referred"), field="on")
        episode.closed_on, episode.close_reason = on, reason
        episode.save(update_fields=["closed_on", "close_reason"])
        Allocation.objects.standing().filter(episode=episode, ended_on__isnull=True).update(
            ended_on=on
        )
        act.on(episode=episode.pk)
        act.touches(episode.child_id)


def correct_episode(
    episode: Episode, changes: Mapping[str, Any], *, by: User, at: datetime, because: str
) -> None:
    """Correct what was recorded of a referral and of its closing, keeping what was believed before.

    Whoever held the case to its end held it to the day on which it is now known to have closed,
    and nobody goes on holding what is now known to have led to nothing. Raises `Refused` where a
    closed case would lose its day, or close before it was referred, or one would be opened while
    the child has another open.
    """
    with acting("episode:correct", by=by, at=at) as act:
        was_open, closed_on = episode.is_open, episode.closed_on
        _require_that_it_may_close(episode, changes)
        act.on(episode=episode.pk)
        if not correct(episode, changes, by=by, at=at, because=because):
            return
        act.touches(episode.child_id)
        held = Allocation.objects.standing().filter(episode=episode)
        if was_open and not episode.is_open:
            held.filter(ended_on__isnull=True).update(ended_on=episode.closed_on or localdate(at))
        elif closed_on and closed_on != episode.closed_on:
            to_the_end = Q(started_on__isnull=True) | Q(started_on__lte=episode.closed_on)
            held.filter(to_the_end, ended_on=closed_on).update(ended_on=episode.closed_on)


def _require_that_it_may_close(episode: Episode, changes: Mapping[str, Any]) -> None:
    closed_on = changes.get("closed_on", episode.closed_on)
    if episode.closed_on and closed_on is None:
        raise Refused(_("Enter the date the case closed"), field="closed_on")
    referred_on = localdate(changes.get("referred_at", episode.referred_at))
    if "closed_on" in changes and closed_on and closed_on < referred_on:
        raise Refused(_("A case cannot close before the day it was referred"), field="closed_on")
    would_open = episode.no_further_action and not changes.get("no_further_action", True)
    if closed_on is None and would_open:
        _require_no_open_episode(episode.child, field="no_further_action")


def strike_out_episode(episode: Episode, *, by: User, at: datetime, because: str) -> None:
    """Say that an episode was recorded in error, with its allocations.

    Raises `Refused` while work stands on it: that must be struck out first, knowingly.
    """
    with acting("episode:strike_out", by=by, at=at) as act:
        for relation, what in _WORK_ON_AN_EPISODE.items():
            if getattr(episode, relation).filter(struck_out_at__isnull=True).exists():
                raise Refused(
                    _("This referral has %(what)s. Strike that out first") % {"what": what}
                )
        for allocation in episode.allocations.filter(struck_out_at__isnull=True):
            strike_out(allocation, by=by, at=at, because=because)
        strike_out(episode, by=by, at=at, because=because)
        act.on(episode=episode.pk)
        act.touches(episode.child_id)


_WORK_ON_AN_EPISODE = {
    "assessments": "an assessment",
    "enquiries": "a section 47 enquiry",
    "conferences": "a conference",
    "protection_plans": "a child protection plan",
    "need_plans": "a child in need plan",
}

"""Child in need plans on a child's page."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.people.models import Person
from harbourlight.record.people.overview import Section
from harbourlight.record.plans.models import NeedPlan
from harbourlight.ui.formats import date_in_words


@dataclass(frozen=True)
class PlanShown:
    """A child in need plan in words."""

    id: str
    since: str
    ended: str
    held_by: str


def need_plans_of(child: Person, user: User, on: date) -> Section:
    """A child's child in need plans, the latest first."""
    plans = NeedPlan.objects.standing().filter(child=child).select_related("worker", "team")
    shown = [
        PlanShown(
            id=one.pk,
            since=date_in_words(one.started_on),
            ended=date_in_words(one.ended_on) if one.ended_on else "",
            held_by=", ".join(str(who) for who in (one.worker, one.team) if who),
        )
        for one in (plans if user.can(Capability.SEE_CHILDREN) else ())
    ]
    return Section("plans", _("Child in need plans"), "plans/plans-section.html", shown)

"""The confidentiality app."""

from collections.abc import Mapping

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConfidentialityConfig(AppConfig):
    """Who may see whose record: restricted children, grants, and records opened with a reason."""

    name = "harbourlight.record.confidentiality"
    label = "confidentiality"

    def ready(self) -> None:
        """Say whom a search may find, and tell the database the rule after every migration."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from harbourlight.foundation.access import Capability
        from harbourlight.foundation.notices import declaring as notices
        from harbourlight.record.confidentiality.actions import ENDED, GRANTED, LATE, TOLD
        from harbourlight.record.confidentiality.presenters import open_until
        from harbourlight.record.confidentiality.row_security import known_in_sql
        from harbourlight.record.confidentiality.selectors import (
            openings_visible_to,
            people_visible_to,
        )
        from harbourlight.record.people.identity import tell_facts
        from harbourlight.record.people.search_index import tell_may_know
        from harbourlight.ui.navigation import register

        def to_opening(about: Mapping[str, str]) -> str:
            return reverse("confidentiality:opening", args=[about["opening_id"]])

        def to_person(about: Mapping[str, str]) -> str:
            return reverse("people:child", args=[about["person_id"]])

        at_once = notices.ByEmail.AT_ONCE
        opened = _("Somebody opened a record you are answerable for, giving a reason")
        late = _("A record was opened with a reason that nobody has reviewed")
        notices.tell_subject("opening_id", openings_visible_to)
        notices.tell_subject("person_id", people_visible_to)
        notices.declare(TOLD, str(opened), link=to_opening, by_email=at_once)
        notices.declare(LATE, str(late), link=to_opening)
        granted = _("You may now know of a record that is restricted")
        notices.declare(GRANTED, str(granted), link=to_person, by_email=at_once)
        ended = _("You may no longer know of a restricted record you were let know of")
        notices.declare(ENDED, str(ended), link=lambda about: reverse("notices:list"))
        register("Openings", "confidentiality:openings", Capability.REVIEW_OPENINGS, order=70)
        register("Restricted", "confidentiality:restricted", Capability.RESTRICT_RECORD, order=71)
        tell_may_know(known_in_sql("weighed.id"))
        tell_facts(open_until)
        post_migrate.connect(_publish, sender=self)


def _publish(*, using: str, **_: object) -> None:
    from harbourlight.record.confidentiality.row_security import publish

    publish(using)

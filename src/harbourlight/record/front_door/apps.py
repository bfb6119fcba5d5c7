"""The front door app."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class FrontDoorConfig(AppConfig):
    """Contacts, the children they concern, and a manager's decisions on them."""

    name = "harbourlight.record.front_door"
    label = "front_door"

    def ready(self) -> None:
        """Put contacts on a child's page and in the chronology, and find people for one."""
        from harbourlight.foundation.access import Capability
        from harbourlight.record.front_door.chronology import contacts
        from harbourlight.record.front_door.overview import contacts_of
        from harbourlight.record.people import chronology, overview, picking

        chronology.contribute("contact", "Contacts and decisions", contacts)
        overview.tell_section(contacts_of, order=20)
        picking.declare(
            picking.Purpose(
                code="contact",
                title=gettext_noop("Who is the contact about?"),
                introduction=gettext_noop(
                    "Find each child it is about. Their brothers and sisters are offered "
                    "on the next page."
                ),
                pick=gettext_noop("Continue with those ticked"),
                capability=Capability.RECORD_CONTACT,
                onward=_record,
                children_only=True,
            )
        )


def _record(of: str, children: Sequence[str]) -> str:
    from django.http import QueryDict
    from django.urls import reverse

    if not of and not children:
        return reverse("front_door:queue")
    query = QueryDict(mutable=True)
    if of:
        query["of"] = of
    query.setlist("child", list(children))
    return f"{reverse('front_door:record')}?{query.urlencode()}"

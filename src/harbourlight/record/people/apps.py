"""The people app."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_noop


class PeopleConfig(AppConfig):
    """People and families."""

    name = "harbourlight.record.people"
    label = "people"

    def ready(self) -> None:
        """Tell the chronology and the navigation, and offer the search to add to a family."""
        from harbourlight.foundation.access import Capability
        from harbourlight.record.people import chronology, gallery, picking
        from harbourlight.record.people.happenings import lives
        from harbourlight.ui import navigation
        from harbourlight.ui.gallery import pieces

        chronology.contribute("person", "Birth, moves, schools and warnings", lives)
        post_migrate.connect(_publish_search, sender=self)
        navigation.register("Find a person", "people:search", Capability.SEE_CHILDREN, order=20)
        pieces.show("Genogram", "people/gallery.html", gallery.family)
        picking.declare(
            picking.Purpose(
                code="family",
                title=gettext_noop("Who is to be added to this family?"),
                introduction=gettext_noop("Search first: they may be on the record already."),
                pick=gettext_noop("Add those ticked to the family"),
                capability=Capability.RECORD_PERSON,
                onward=_join,
                joins_family=True,
            )
        )
        picking.declare(
            picking.Purpose(
                code="relation",
                title=gettext_noop("Who is related to them?"),
                introduction=gettext_noop("Search first: they may be on the record already."),
                pick=gettext_noop("Say how those ticked are related"),
                capability=Capability.RECORD_PERSON,
                onward=_relate,
            )
        )


def _publish_search(*, using: str, **_: object) -> None:
    from harbourlight.record.people.search_index import publish

    publish(using)


def _relate(of: str, people: Sequence[str]) -> str:
    from django.http import QueryDict
    from django.urls import reverse

    query = QueryDict(mutable=True)
    query.setlist("child", list(people))
    return f"{reverse('people:relate', args=[of])}?{query.urlencode()}"


def _join(of: str, people: Sequence[str]) -> str:
    from django.http import QueryDict
    from django.urls import reverse

    query = QueryDict(mutable=True)
    query.setlist("child", list(people))
    return f"{reverse('people:join', args=[of])}?{query.urlencode()}"

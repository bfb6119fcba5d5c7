"""Reading documents: of children a person may see, in the areas they may enter."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.facts import FactQuerySet
from harbourlight.record.confidentiality.policy import in_areas, read_whole
from harbourlight.record.documents.models import Document, Version


def visible_to(user: User) -> FactQuerySet:
    """The documents a person may see, those struck out too: of records they read whole."""
    documents: FactQuerySet = in_areas(user, read_whole(user, Document.objects.all()))
    return documents.select_related("recorded_by")


def with_versions(documents: FactQuerySet) -> FactQuerySet:
    """The same, each with its versions to hand, the latest first."""
    versions = Version.objects.select_related("recorded_by").order_by("-number")
    found: FactQuerySet = documents.prefetch_related(Prefetch("versions", queryset=versions))
    return found


def current_of(document: Document) -> Version | None:
    """The latest version that stands, of a document `with_versions`."""
    return next((one for one in document.versions.all() if not one.is_struck_out), None)


def versions_visible_to(user: User) -> QuerySet[Version]:
    """The versions of documents a person may see."""
    return Version.objects.filter(document__in=visible_to(user)).select_related("document")


def checksums_named() -> Iterable[str]:
    """The checksum of every file that some version names, struck out or not."""
    return Version.objects.values_list("checksum", flat=True).distinct().iterator()

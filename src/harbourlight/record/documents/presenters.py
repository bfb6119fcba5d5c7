"""Documents as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from harbourlight.foundation.documents import inspecting
from harbourlight.record.documents.models import Document, Version
from harbourlight.record.documents.selectors import current_of
from harbourlight.ui.words import in_language


@dataclass(frozen=True)
class VersionShown:
    """One file of a document."""

    id: str
    number: int
    file_name: str
    what: str
    """Its kind and size, in words."""
    scan: str
    held_back: bool
    recorded_by: str
    recorded_at: datetime
    struck_out: str
    href: str
    """Where it is opened; empty where it is not."""
    shown_inline: bool


@dataclass(frozen=True)
class DocumentShown:
    """One document with its latest file."""

    id: str
    href: str
    title: str
    kind: str
    received_on: date
    from_whom: str
    is_significant: bool
    area: str
    recorded_by: str
    recorded_at: datetime
    struck_out: str
    current: VersionShown | None
    versions: tuple[VersionShown, ...]

    @property
    def standing(self) -> int:
        """How many of its files stand."""
        return sum(not one.struck_out for one in self.versions)


def version_shown(version: Version) -> VersionShown:
    """A file, with its kind and size in words."""
    kind = inspecting.kind_for(version.media_type)
    held_back = version.scan == Version.Scan.FOUND
    opened = not (held_back or version.is_struck_out)
    return VersionShown(
        id=version.pk,
        number=version.number,
        file_name=version.file_name,
        what=f"{in_language(kind.name)}, {filesizeformat(version.size)}",
        scan=version.get_scan_display(),
        held_back=held_back,
        recorded_by=str(version.recorded_by or ""),
        recorded_at=version.recorded_at,
        struck_out=version.struck_out_because,
        href=reverse("documents:open", args=[version.pk]) if opened else "",
        shown_inline=kind.shown_inline,
    )


def document_shown(document: Document) -> DocumentShown:
    """A document of `selectors.with_versions`."""
    current = current_of(document)
    return DocumentShown(
        id=document.pk,
        href=reverse("documents:document", args=[document.pk]),
        title=document.title,
        kind=document.get_kind_display(),
        received_on=document.received_on,
        from_whom=document.from_whom,
        is_significant=document.is_significant,
        area=document.get_area_display() if document.area else "",
        recorded_by=str(document.recorded_by or ""),
        recorded_at=document.recorded_at,
        struck_out=document.struck_out_because,
        current=version_shown(current) if current else None,
        versions=tuple(version_shown(one) for one in document.versions.all()),
    )


def documents_shown(documents: Iterable[Document]) -> list[DocumentShown]:
    """Documents of `selectors.with_versions`, in their order."""
    return [document_shown(one) for one in documents]

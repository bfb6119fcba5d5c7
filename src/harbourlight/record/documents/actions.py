"""Adding documents and new versions of them, correcting them, and striking out.

The file is on the disk before the row that names it is written. If the row is not, a job removes
the file.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.documents import inspecting, keeping
from harbourlight.foundation.facts import correct, strike_out
from harbourlight.foundation.ids import new_id
from harbourlight.record.documents.models import Document, Version
from harbourlight.record.documents.policies import areas_open_to
from harbourlight.record.people.models import Person


@dataclass(frozen=True)
class File:
    """A file somebody gave: its name as they had it, and what is in it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Kept:
    """A file that was looked at and is on the disk, and no row names yet."""

    name: str
    kind: inspecting.FileKind
    size: int
    checksum: str
    scan: Version.Scan


def keep(files: Sequence[File]) -> list[Kept]:
    """Look at files and keep them on the disk.

    Raises `Refused`, naming the file, for the first that is not kept; then none is named by a row.
    """
    looked_at = []
    for file in files:
        try:
            looked_at.append((file, inspecting.kind_of(file.content)))
        except inspecting.NotKept as error:
            raise Refused(f"{file.name}: {error}", field="files") from error
    return [_keep(file, kind) for file, kind in looked_at]


def _keep(file: File, kind: inspecting.FileKind) -> Kept:
    folder = settings.DOCUMENTS
    checksum = keeping.keep(file.content, folder=folder)
    path = keeping.path_of(checksum, folder=folder)
    try:
        clean = inspecting.scan(path, command=settings.DOCUMENT_SCANNER)
    except inspecting.NotKept as error:
        raise Refused(f"{file.name}: {error}", field="files") from error
    scan = {True: Version.Scan.CLEAN, False: Version.Scan.FOUND, None: Version.Scan.NOT_SCANNED}
    return Kept(file.name, kind, len(file.content), checksum, scan[clean])


def add_documents(
    *,
    by: User,
    at: datetime,
    children: Collection[Person],
    files: Sequence[File],
    kind: str,
    received_on: date,
    title: str = "",
    from_whom: str = "",
    is_significant: bool = False,
    area: str = "",
) -> list[Document]:
    """Add a document for each file to the record of each child.

    A title is given to one file alone; several are called as their files are. Raises `Refused` for
    a file that is not kept, a day still to come, or an area the person may not enter.
    """
    if received_on > at.astimezone().date():
        raise Refused(_("The date cannot be in the future"), field="received_on")
    if area not in areas_open_to(by):
        raise Refused(_("You cannot put a document in this area"), field="area")
    with acting("document:add", by=by, at=at) as act:
        added = []
        for kept in keep(files):
            together = new_id()
            for child in children:
                document = Document.objects.create(
                    child=child,
                    together=together,
                    kind=kind,
                    title=title if title and len(files) == 1 else title_of(kept.name),
                    received_on=received_on,
                    from_whom=from_whom,
                    is_significant=is_significant,
                    area=area,
                    recorded_at=at,
                    recorded_by=by,
                )
                _version(document, kept, 1, by=by, at=at)
                added.append(document)
        act.touches(*(child.pk for child in children))
        act.on(**{f"document{number}": one.pk for number, one in enumerate(added)})
    return added


def add_version(document: Document, *, by: User, at: datetime, file: File) -> Version:
    """Add a new file of a document; those before it are kept. Two at once take turns.

    Raises `Refused` for a file that is not kept, that is the very one held, or of a document that
    was struck out.
    """
    with acting("document:add-version", by=by, at=at) as act:
        document = Document.objects.select_for_update().get(pk=document.pk)
        if document.is_struck_out:
            raise Refused(_("This document was recorded in error: add the file as a new one"))
        [kept] = keep([file])
        latest = document.versions.order_by("-number").first()
        if latest and latest.checksum == kept.checksum and not latest.is_struck_out:
            raise Refused(_("This is the file that is held already"), field="files")
        version = _version(document, kept, latest.number + 1 if latest else 1, by=by, at=at)
        act.touches(document.child_id)
        act.on(document=document.pk, version=version.pk)
    return version


def _version(document: Document, kept: Kept, number: int, *, by: User, at: datetime) -> Version:
    return Version.objects.create(
        document=document,
        number=number,
        file_name=kept.name[-255:],
        media_type=kept.kind.media_type,
        size=kept.size,
        checksum=kept.checksum,
        scan=kept.scan,
        recorded_at=at,
        recorded_by=by,
    )


def correct_document(
    document: Document, changes: Mapping[str, Any], *, by: User, at: datetime, because: str
) -> None:
    """Correct what is said of a document, with the reason."""
    with acting("document:correct", by=by, at=at) as act:
        act.touches(document.child_id)
        act.on(document=document.pk)
        correct(document, changes, by=by, at=at, because=because)


def move(document: Document, *, to: Person, by: User, at: datetime, because: str) -> None:
    """Put a document that was added to the wrong child on the right one's record.

    Where it was is kept with the reason. Raises `Refused` if it is there already.
    """
    if document.child_id == to.pk:
        raise Refused(_("It is on this child's record already"), field="child")
    with acting("document:move", by=by, at=at) as act:
        act.touches(document.child_id, to.pk)
        act.on(document=document.pk)
        correct(document, {"child_id": to.pk}, by=by, at=at, because=because)


def strike_out_document(document: Document, *, by: User, at: datetime, because: str) -> None:
    """Say that a document was added in error. Its file is kept and no longer opened."""
    with acting("document:strike-out", by=by, at=at) as act:
        act.touches(document.child_id)
        act.on(document=document.pk)
        strike_out(document, by=by, at=at, because=because)


def strike_out_version(version: Version, *, by: User, at: datetime, because: str) -> None:
    """Say that one file of a document was added in error: the one before it is the document again.

    Raises `Refused` where it is the only one that stands: then the document is struck out.
    """
    with acting("document:strike-out-version", by=by, at=at) as act:
        document = Document.objects.select_for_update().get(pk=version.document_id)
        others = Version.objects.standing().filter(document=document).exclude(pk=version.pk)
        if not others.exists():
            raise Refused(
                _("It is the only file of this document: say that of the document instead")
            )
        act.touches(document.child_id)
        act.on(document=document.pk, version=version.pk)
        strike_out(version, by=by, at=at, because=because)


def title_of(file_name: str) -> str:
    """A title from a file's name: without its ending, with spaces for what stands for them."""
    stem = PurePath(file_name.replace("\\", "/")).stem
    return stem.replace("_", " ").strip()[:200] or _("Untitled")

"""Documents in a child's whole record on paper: each with its file's checksum, by which a copy of
the file can be known to be that one."""

from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.record.documents.models import Document
from harbourlight.record.documents.presenters import document_shown
from harbourlight.record.documents.selectors import current_of, visible_to, with_versions
from harbourlight.record.documents.whole_record import Entry, Part
from harbourlight.record.people.models import Person
from harbourlight.ui.formats import date_in_words


def documents_in_full(child: Person, user: User) -> Part:
    """What documents there are, the latest first."""
    held = with_versions(visible_to(user).standing().filter(child=child))
    return Part(_("Documents"), tuple(_entry(one) for one in held))


def _entry(document: Document) -> Entry:
    shown, current = document_shown(document), current_of(document)
    said = [(_("From"), shown.from_whom)] if shown.from_whom else []
    if shown.current and current:
        said.append((_("File"), f"{shown.current.file_name} ({shown.current.what})"))
        said.append((_("Checksum (SHA-256)"), current.checksum))
    return Entry(f"{shown.kind}: {shown.title}", date_in_words(shown.received_on), tuple(said))

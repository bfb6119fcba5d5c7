"""Which walled areas a person may put a document in and see one of."""

from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused
from harbourlight.record.confidentiality.policy import areas_of
from harbourlight.record.documents.models import Document, Version


def areas_open_to(user: User) -> list[str]:
    """The areas a person may enter, the child's own record first."""
    return [Document.Area.NONE.value, *sorted(areas_of(user))]


def check_may_open(version: Version) -> None:
    """Raise `Refused` for a file that is held back."""
    if version.scan == Version.Scan.FOUND:
        raise Refused(
            _(
                "This file is held back: the virus scanner found something in it. Ask whoever sent "
                "it for another copy, and add that as a new version."
            )
        )
    if version.is_struck_out:
        raise Refused(_("This version was recorded in error, so its file is not opened."))

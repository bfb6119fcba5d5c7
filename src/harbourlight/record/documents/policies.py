"""Which walled areas a person may put a document in and see one of."""

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused
from harbourlight.record.documents.models import Document, Version

ENTERED_BY = {
    Document.Area.ALLEGATIONS: Capability.ENTER_ALLEGATIONS,
    Document.Area.INTELLIGENCE: Capability.ENTER_INTELLIGENCE,
}


def areas_open_to(user: User) -> list[str]:
    """The areas a person may enter, the child's own record first."""
    walled = [area.value for area, needed in ENTERED_BY.items() if user.can(needed)]
    return [Document.Area.NONE.value, *walled]


def check_may_open(version: Version) -> None:
    """Raise `Refused` for a file that is held back."""
    if version.scan == Version.Scan.FOUND:
        raise Refused(
            "This file is held back: the virus scanner found something in it. Ask whoever sent it "
            "for another copy, and add that as a new version."
        )
    if version.is_struck_out:
        raise Refused("This version was recorded in error, so its file is not opened.")

"""How a postcode and the lines of an address are written, and who may be shown a confidential one.

Every page, list, document and message that shows an address asks `lines_for`; nothing else may
read the lines or the postcode of an address to show them.
"""

import re

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.record.people.models import Address

_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})", re.ASCII)


def postcode_written(typed: str) -> str:
    """A postcode in capitals with one space before its last three: `NE1 4XX`.

    What is not a whole postcode is kept as it was typed, in capitals.
    """
    closed = re.sub(r"\s", "", typed).upper()
    whole = _POSTCODE.fullmatch(closed)
    return f"{whole[1]} {whole[2]}" if whole else " ".join(typed.upper().split())


def is_postcode(written: str) -> bool:
    """Whether this is a whole postcode, spaced as `postcode_written` leaves it."""
    return bool(_POSTCODE.fullmatch(written.replace(" ", "")))


def may_see(user: User, address: Address) -> bool:
    """Whether somebody may be shown the lines and postcode of an address."""
    return not address.is_confidential or user.can(Capability.SEE_CONFIDENTIAL_ADDRESS)


def lines_for(user: User, address: Address) -> list[str] | None:
    """The lines of an address, its postcode last; None where it is kept from this person."""
    if not may_see(user, address):
        return None
    return [line for line in (*address.lines.splitlines(), address.postcode) if line.strip()]

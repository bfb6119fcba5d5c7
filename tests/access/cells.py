"""The reviewed table of who may see what, and how a cell is asked for.

`docs/access.csv` has a line for each address and class of record, and a column for each role. A
cell is what that role is answered there. Reviewing it is reading the file; this only asks.
"""

import csv
from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from harbourlight.foundation.access import ROLES, Access, access_of, role_for

TABLE = Path(__file__).parents[2] / "docs" / "access.csv"
NOBODY = "signed_out"
ASKERS = (NOBODY, *(role.code for role in ROLES))
"""The columns: somebody who has not signed in, and each role."""
CLASSES = ("mine", "teams", "other", "restricted", "allegations", "intelligence")
"""Whose record it is, seen from the Harbour team (see `tests.record.confidentiality.classes`), or
the walled area of the record of `mine` that a thing is in."""

NO_RECORD = "-"
NOT_THERE = "0" * 18

SHOWS, LEADS, OUTLINE = "shows", "leads on", "outline"
REFUSED, NOT_FOUND, SIGN_IN = "refused", "not found", "sign in"
ONLY_SENT = "405"


@dataclass(frozen=True)
class Address:
    """An address of the service: its name, the identifiers it is given, by name, and what its view
    declares."""

    name: str
    given: tuple[str, ...]
    access: Access | None

    def is_for(self, asker: str) -> bool:
        """Whether the view declares itself for somebody: the guard before any method."""
        if self.access is None or asker == NOBODY:
            return self.access is not None and not self.access.signed_in
        held = self.access.capability
        return held is None or held in role_for(asker).capabilities


def addresses() -> Iterator[Address]:
    """Every named address there is; the gallery is served to no one but builders."""

    def walk(patterns: Any, spaces: tuple[str, ...], given: tuple[str, ...]) -> Iterator[Address]:
        for one in patterns:
            names = (*given, *one.pattern.converters)
            if isinstance(one, URLResolver):
                inner = (*spaces, one.namespace) if one.namespace else spaces
                yield from walk(one.url_patterns, inner, names)
            elif isinstance(one, URLPattern) and one.name:
                yield Address(":".join((*spaces, one.name)), names, access_of(one.callback))

    for found in walk(get_resolver().url_patterns, (), ()):
        if not found.name.startswith("gallery"):
            yield found


def lines_of(address: Address, things: "Things") -> list[str]:
    """The classes of record that an address is asked with."""
    named = {name for name in address.given if name.endswith("_id") or name == "occasion"}
    return [of for of in CLASSES if named & things.by_class[of].keys()] or [NO_RECORD]


@dataclass(frozen=True)
class Things:
    """Identifiers to ask with: by class of record, and those that are of no record."""

    by_class: dict[str, dict[str, Any]]
    others: dict[str, Any]
    """By name; or, where an address or its space wants another, by that, a colon and the name."""

    def given(self, address: Address, of: str) -> dict[str, Any]:
        """What an address is given for a class of record."""
        space = address.name.partition(":")[0]
        held = ChainMap(self.by_class.get(of, {}), self.others)
        return {
            name: held.get(
                f"{address.name}:{name}", held.get(f"{space}:{name}", held.get(name, NOT_THERE))
            )
            for name in address.given
        }


def read() -> dict[tuple[str, str], dict[str, str]]:
    """The reviewed table, by address and class."""
    if not TABLE.exists():
        return {}
    with TABLE.open(newline="", encoding="utf-8") as stream:
        return {(row["address"], row["record"]): row for row in csv.DictReader(stream)}


def line(address: str, of: str, cells: dict[str, str]) -> str:
    """A line of the table, to be reviewed and put in it."""
    return ",".join([address, of, *(cells[code] for code in ASKERS)])


def look(client: Client, address: Address, given: dict[str, Any]) -> str:
    """What is answered to looking; where one can only send, to sending an empty form."""
    looking = _answer(client, client.get, address, given)
    return send(client, address, given) if looking == ONLY_SENT else looking


def send(client: Client, address: Address, given: dict[str, Any]) -> str:
    """What is answered to sending an empty form."""
    return _answer(client, client.post, address, given)


def _answer(client: Client, method: Any, address: Address, given: dict[str, Any]) -> str:
    """The same, with nothing kept of it."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        told = _in_a_word(method(reverse(address.name, kwargs=given)))
        transaction.set_rollback(True)
    client.cookies = cookies  # signing out is not kept either
    return told


def _in_a_word(response: Any) -> str:
    status = response.status_code
    if status == 302:
        if response.url.startswith("/sign-in/?"):
            return SIGN_IN
        return OUTLINE if response.url.endswith("/outline/") else LEADS
    if status in (403, 404):
        return REFUSED if status == 403 else NOT_FOUND
    # An empty form is answered with what is wrong with it, and perhaps by 400.
    return ONLY_SENT if status == 405 else SHOWS if status in (200, 201, 204, 400) else str(status)


def may_follow(looking: str, sending: str) -> bool:
    """Whether what sending an empty form is answered may follow what looking is.

    Whoever may not look may not send; whoever may look is answered when they send nothing, though
    some forms are for fewer than may look.
    """
    if looking in (REFUSED, NOT_FOUND, OUTLINE, SIGN_IN):
        return sending in (looking, REFUSED, NOT_FOUND, ONLY_SENT)
    return sending in (SHOWS, LEADS, REFUSED, NOT_FOUND, ONLY_SENT)

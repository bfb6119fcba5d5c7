"""The reviewed table of who may see what, and how a cell is asked for.

`docs/access.csv` has a line for each address and class of record, and a column for each role. A
cell is what that role is answered there. Reviewing it is reading the file; this only asks.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from harbourlight.foundation.access import ROLES

TABLE = Path(__file__).parents[2] / "docs" / "access.csv"
ROLE_CODES = tuple(role.code for role in ROLES)
CLASSES = ("mine", "teams", "other", "restricted")
"""Whose record it is, seen from the Harbour team: see `tests.record.confidentiality.classes`."""

NOT_THERE = "0" * 18
NO_RECORD = "-"

SHOWS, LEADS, OUTLINE = "shows", "leads on", "outline"
REFUSED, NOT_FOUND, SIGN_IN = "refused", "not found", "sign in"

NOT_FOR_A_PERSON = ("people:add",)


@dataclass(frozen=True)
class Address:
    """An address of the service: its name, and the identifiers it is given, by name."""

    name: str
    given: tuple[str, ...]


def addresses() -> Iterator[Address]:
    """Every named address there is; the gallery is served to no one but builders."""

    def walk(patterns: Any, spaces: tuple[str, ...], given: tuple[str, ...]) -> Iterator[Address]:
        for one in patterns:
            names = (*given, *one.pattern.converters)
            if isinstance(one, URLResolver):
                inner = (*spaces, one.namespace) if one.namespace else spaces
                yield from walk(one.url_patterns, inner, names)
            elif isinstance(one, URLPattern) and one.name:
                yield Address(":".join((*spaces, one.name)), names)

    for found in walk(get_resolver().url_patterns, (), ()):
        if not found.name.startswith("gallery"):
            yield found


def lines_of(address: Address, things: "Things") -> list[str]:
    """The classes of record that an address is asked with."""
    if any(name in things.by_class["mine"] for name in address.given):
        return list(CLASSES)
    return [NO_RECORD]


@dataclass(frozen=True)
class Things:
    """Identifiers to ask with: by class of record, and those that are of no record."""

    by_class: dict[str, dict[str, Any]]
    others: dict[str, Any]

    def given(self, address: Address, of: str) -> dict[str, Any]:
        """What an address is given for a class of record. What is not known is not there."""
        held = {**self.others, **self.by_class.get(of, {})}
        return {name: held.get(name, NOT_THERE) for name in address.given}


def read() -> dict[tuple[str, str], dict[str, str]]:
    """The reviewed table, by address and class."""
    if not TABLE.exists():
        return {}
    with TABLE.open(newline="", encoding="utf-8") as stream:
        return {(row["address"], row["record"]): row for row in csv.DictReader(stream)}


def line(address: str, of: str, cells: dict[str, str]) -> str:
    """A line of the table, to be reviewed and put in it."""
    return ",".join([address, of, *(cells[code] for code in ROLE_CODES)])


def answer(client: Client, address: Address, given: dict[str, Any]) -> tuple[str, str]:
    """What is answered to looking and to sending an empty form, with nothing kept of either."""
    path = reverse(address.name, kwargs=given)
    told = []
    for method in (client.get, client.post):
        with transaction.atomic():
            told.append(_in_a_word(method(path)))
            transaction.set_rollback(True)
    return told[0], told[1]


def _in_a_word(response: Any) -> str:
    status = response.status_code
    if status == 302:
        if "/outline/" in response.url:
            return OUTLINE
        return SIGN_IN if response.url.startswith("/sign-in/") else LEADS
    if status in (403, 404):
        return REFUSED if status == 403 else NOT_FOUND
    # An empty form is answered with what is wrong with it; an address nobody may send to, by 405.
    return SHOWS if status in (200, 201, 204, 400, 405) else str(status)


def agrees(decided: str, looking: str, sending: str) -> bool:
    """Whether what is answered is what was decided.

    Whoever may not look may not send; whoever may look is answered when they send nothing, though
    some forms are for fewer than may look.
    """
    if looking != decided:
        return False
    if decided in (REFUSED, NOT_FOUND, OUTLINE, SIGN_IN):
        return sending in (decided, REFUSED, NOT_FOUND)
    return sending in (SHOWS, LEADS, REFUSED, NOT_FOUND)

"""Every page there is: the address list walked as whoever may see each.

A page is asked for with Django's own client, in one transaction, and nothing is kept of what a form
sent empty would have done. `served` lets a browser be shown what the client was answered.
"""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

SENT_EMPTY = "sent-empty"
"""In the query of an address: the page that comes back when its form is sent with nothing in it."""

BY_NAMESPACE = {"instruments": {"code": "instrument"}, "questionnaires": {"code": "instrument"}}
"""What an address of a namespace means by a name that others use for something else."""
BY_ADDRESS = {
    "front_door:decide": {"contact_id": "waiting"},
    "questionnaires:correct": {"response_id": "finished", "section": "own_section"},
    "questionnaires:answer": {"section": "own_section"},
    "questionnaires:compare": {"response_id": "finished"},
    "confidentiality:lift": {"person_id": "restricted"},
    "confidentiality:grant": {"person_id": "restricted"},
    "confidentiality:who_may_know": {"person_id": "restricted"},
    "people:born": {"person_id": "unborn"},
    "confidentiality:open": {"person_id": "others"},
    "confidentiality:outline": {"person_id": "others"},
}
MORE = {
    "people:child": ("adult", "unborn"),
    "people:family": ("adult",),
    "people:details": ("adult",),
}
"""Addresses asked for with more than one identifier."""
QUERIES = {
    "front_door:record": ("?child={person_id}",),
    "people:relate": ("?child={adult}",),
    "people:join": ("?child={others}",),
    "pages:board": ("", "?as_at=2026-02-10"),
}


_SENDS = re.compile(rb'<form method="post"(?![^>]*\baction=)')
"""A form that is sent to the page it is on."""
FIRST = ("social_worker", "team_manager", "front_door_manager", "records_officer", "administrator")
FOR_EVERY_ROLE = frozenset({"pages:my_work"})
NO_PAGE = {
    "mfa_login_webauthn": "what a passkey signs, read by a script",
    "mfa_reauthenticate_webauthn": "what a passkey signs, read by a script",
    "mfa_authenticate": "needs somebody half signed in: the journey of signing in looks at it",
    "mfa_remove_webauthn": "needs a passkey, which needs a browser: the same journey",
    "mfa_edit_webauthn": "needs a passkey, which needs a browser: the same journey",
    "work_account": "leads to the provider of work accounts, where there is one",
    "work_account_return": "where that provider sends people back to",
    "stay_signed_in": "sent by a script, answered with nothing",
    "end_sign_in": "a button on another page; leads on",
    "pages:home": "leads on to where each role begins",
    "pages:board_download": "a spreadsheet",
    "pages:board_month_download": "a spreadsheet",
    "drafts:save": "sent by a script, answered in JSON",
    "drafts:token": "asked by a script, answered in JSON",
    "chronology:pdf": "a PDF",
    "chronology:mark": "a button on another page; leads on",
    "front_door:line": "leads on to the contact",
    "questionnaires:pdf": "a PDF",
    "instruments:export": "a file",
    "instruments:begin": "a button on another page; leads on",
    "instruments:move": "a button on another page; leads on",
    "documents:summary": "a PDF",
    "documents:open": "the document itself",
    "notices:open": "a button on another page; leads on",
    "notices:mark": "a button on another page; leads on",
    "jobs:do_now": "a button on another page; leads on",
    "jobs:try_again": "a button on another page; leads on",
    "set_language": "a button on every page; leads back to it",
    "instruments:go_back": "a button on another page; leads on",
    "instruments:take_back": "a button on another page; leads on",
    "documents:whole": "a PDF",
    "looking:pdf": "a PDF",
    "census:make": "a button on another page; leads on",
    "census:download": "a spreadsheet",
    "census:file_download": "a spreadsheet",
    "census:take": "the census itself",
    "looking:access": "needs an access that the night found unusual",
    "gallery_broken": "fails on purpose: see test_refusals",
}
"""Addresses that give nobody a page, and why."""


@dataclass(frozen=True)
class Page:
    """A page as somebody is shown it."""

    name: str
    who: str
    """The role of whoever asks; empty for somebody who has not signed in."""
    path: str

    def __str__(self) -> str:
        return f"{self.name} as {self.who or 'nobody'}: {self.path}"


def addresses() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each named address: its name, and the names of what it is given."""

    def walk(patterns: Any, spaces: tuple[str, ...], given: tuple[str, ...]) -> Iterator[Any]:
        for one in patterns:
            names = (*given, *one.pattern.converters)
            if isinstance(one, URLResolver):
                inner = (*spaces, one.namespace) if one.namespace else spaces
                yield from walk(one.url_patterns, inner, names)
            elif isinstance(one, URLPattern) and one.name:
                yield ":".join((*spaces, one.name)), names

    yield from walk(get_resolver().url_patterns, (), ())


class Walk:
    """Asks for pages as people of each role, and keeps nothing of what they would have done."""

    def __init__(self, service: Any, given: dict[str, Any], *, at: float) -> None:
        """`given` is an identifier for each name that an address has; `at` when they signed in."""
        self.given = given
        self.answers: dict[tuple[str, str], Any] = {}
        self.clients = {"": Client(raise_request_exception=False)}
        for role, user in service.by_role.items():
            client = Client(raise_request_exception=False)
            client.force_login(user)
            session = client.session
            session["account_authentication_methods"] = [
                {"method": "password", "at": at, "reauthenticated": True}
            ]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
            self.clients[role] = client

    @property
    def roles(self) -> list[str]:
        """Every role there is, and "" for nobody."""
        return [*self.clients]

    def ask(self, who: str, path: str) -> Any:
        """What a role is answered, by looking or, where the address says so, by sending nothing."""
        client, sends = self.clients[who], SENT_EMPTY in urlsplit(path).query
        if (who, path) in self.answers:
            return self.answers[who, path]
        cookies = copy.deepcopy(client.cookies)  # or signing out would be for good
        with transaction.atomic():
            answered = client.post(path, {}) if sends else client.get(path)
            answered.whole = b"".join(answered) if answered.streaming else answered.content
            transaction.set_rollback(True)
        client.cookies = cookies
        self.answers[who, path] = answered
        return answered

    def paths_of(self, name: str, names: tuple[str, ...]) -> Iterator[str]:
        """The addresses that a named address is asked for by."""
        instead = BY_NAMESPACE.get(name.partition(":")[0], {}) | BY_ADDRESS.get(name, {})
        arguments = {one: self.given.get(instead.get(one, one), "0") for one in names}
        for query in QUERIES.get(name, ("",)):
            yield reverse(name, kwargs=arguments) + query.format(**self.given)
        for more in MORE.get(name, ()):
            yield reverse(name, kwargs=arguments | {"person_id": self.given[more]})

    def pages(
        self,
        part: int = 0,
        parts: int = 1,
        *,
        sends: Callable[[str], bool] = lambda name: True,
        but: str = "nothing",
    ) -> tuple[list[Page], dict[str, str]]:
        """Every page, as whoever of the roles may see it first, and what else was answered.

        The second part is, for an address that gives no page to anybody, what it gave. `part` of
        `parts` takes only so many of the addresses, the same on each run. `sends` says of which
        addresses the page that comes back when nothing is sent is asked for too; `but` is the start
        of the names of those left out.
        """
        found: list[Page] = []
        lacking: dict[str, str] = {}
        asked = [
            one
            for one in sorted(addresses())
            if one[0] not in NO_PAGE and not one[0].startswith(but)
        ]
        for name, names in asked[part::parts]:
            before = len(found)
            answers: dict[str, None] = {}
            for path in self.paths_of(name, names):
                for who in self._askers(name):
                    pages = [*self._there(name, who, path, answers, sends(name))]
                    found += pages
                    if pages and name not in FOR_EVERY_ROLE:
                        break
            if len(found) == before:
                lacking[name] = ", ".join(answers)
        return found, lacking

    def _there(
        self, name: str, who: str, path: str, answers: dict[str, None], sends: bool
    ) -> Iterator[Page]:
        """The page of an address, and the one that comes back when nothing is sent."""
        sending = f"{path}{'&' if '?' in path else '?'}{SENT_EMPTY}=1"
        for one in (path, sending) if sends else (path,):
            answered = self.ask(who, one)
            word = _in_a_word(answered)
            if word == "page":
                yield Page(name, who, one)
                if not _SENDS.search(answered.whole):
                    return  # sending would only draw the same page again
            else:
                answers[word] = None
                if word.startswith("403"):
                    return

    def _askers(self, name: str) -> list[str]:
        if name.startswith("gallery"):
            return [""]
        nobody = [""] if name.startswith(("account_", "mfa_", "social")) else []
        first = [one for one in FIRST if one in self.clients]
        return [*nobody, *first, *(one for one in self.clients if one and one not in first)]


def _in_a_word(answered: Any) -> str:
    kind = answered.headers.get("Content-Type", "").partition(";")[0]
    if answered.status_code in (200, 400) and kind == "text/html":
        return "page"
    return f"{answered.status_code} {kind}".strip()


class Shown:
    """Shows a browser what the clients are answered.

    No server runs and nothing is committed: the browser is handed the very answers, headers and
    all, that the client was given in the test's own transaction.
    """

    def __init__(self, walk: Walk, page: Any) -> None:
        self.walk, self.page, self.who = walk, page, ""
        self.files: dict[str, Any] = {}
        page.route("**/*", self._answer)

    def open(self, page: Page) -> None:
        """Open a page as whoever it is for."""
        self.who = page.who
        answered = self.walk.ask(page.who, page.path)
        assert answered.status_code in (200, 400), f"{page}: {answered.status_code}"
        self.page.goto(f"http://harbourlight.test{page.path}")

    def _answer(self, route: Any) -> None:
        asked = urlsplit(route.request.url)
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        if path.startswith("/static/"):
            answered = self.files.get(path) or self.walk.ask("", path)
            self.files[path] = answered
        else:
            answered = self.walk.ask(self.who, path)
        route.fulfill(
            status=answered.status_code,
            headers={name: held for name, held in answered.items() if name != "Content-Length"},
            body=answered.whole,
        )

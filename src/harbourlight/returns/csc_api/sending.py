"""Sending what is in the outbox: one submission after another, each until it is answered for.

Signing in is by OAuth 2 client credentials. What each answer means (domain.md section 11):

| Answer | Taken to mean | Then |
|---|---|---|
| 200 | accepted; the body is its receipt | kept with it |
| 204 | nothing was kept: there is no receipt | the batch waits |
| 400, 413 | something in it was refused | halved, until the one child is found and set aside |
| 401 | the token is no longer good | a new one, once |
| 403 | we may not send at all | everything waits |
| 429 | too many | waits as long as it asks, or as long as the next try would |
| 5xx, or no answer | nobody knows | sent again as it was, and stays in doubt if never answered |

Sending a batch in doubt again is harmless: it says of the same things, by the same names, the same.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from harbourlight.returns.csc_api.outbox import Batch, Outbox

TRIES = 4
FIRST_WAIT = 5.0
LONGEST_WAIT = 30.0
"""Seconds between tries: doubled each time, and never longer (domain.md section 11)."""
PATIENCE = 60.0
"""Seconds for which an answer is waited for."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where to send, and as whom. `repr` shows no secret."""

    url: str
    authority: int
    """The authority's number, at most 999."""
    token_url: str
    client_id: str
    secret: str = field(repr=False)
    scope: str = ""
    supplier_key: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """The address submissions are posted to."""
        return f"{self.url.rstrip('/')}/children_social_care_data/{self.authority}/children"


class NotSent(Exception):
    """Nothing more can be sent now: why, in words. What was not accepted waits in the outbox."""


@dataclass
class Sent:
    """What became of what was sent."""

    receipts: list[str] = field(default_factory=list)
    children: int = 0
    set_aside: dict[str, str] = field(default_factory=dict)
    waiting: int = 0
    """Batches that wait for another time."""
    stopped: str = ""
    """Why sending stopped before everything was tried; empty where it did not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered: its status, and the text it answered with."""

    status: int
    text: str = ""


class NotAnswered(Exception):
    """No answer came, or none that says whether a submission was accepted."""


class Line(Protocol):
    """A way to the service."""

    def post(self, body: bytes) -> Answer:
        """What the service answers to a submission. Raises `NotAnswered` and `NotSent`."""
        ...


def send(
    outbox: Outbox,
    line: Line,
    *,
    now: Callable[[], datetime],
    told: Callable[[str], None] = lambda sentence: None,
) -> Sent:
    """Send every batch there is, and say what became of them.

    `now` is the clock, given by the edge. Nothing is raised for what the service answers: what was
    not accepted is still in the outbox.
    """
    sent, left = Sent(), set[str]()
    try:
        while batch := next((one for one in outbox.unsent() if one.id not in left), None):
            told(f"Sending {batch.children:,} children")
            if not _settled(outbox, batch, line, sent, now):
                left.add(batch.id)
    except NotSent as error:
        sent.stopped = str(error)
    sent.waiting = len(outbox.unsent())
    return sent


def _settled(
    outbox: Outbox, batch: Batch, line: Line, sent: Sent, now: Callable[[], datetime]
) -> bool:
    """Send one batch and keep what became of it; whether it is done with."""
    outbox.doubt(batch)
    try:
        answer = line.post(batch.body)
    except NotAnswered:
        return False  # in doubt, as it says already
    match answer.status:
        case 200:
            receipt = _receipt(answer)
            outbox.accept(batch, receipt, at=now())
            sent.receipts.append(receipt)
            sent.children += batch.children
        case 400 | 413 if batch.children > 1:
            outbox.split(batch, f"answered {answer.status}", at=now())
        case 400 | 413:
            why = f"refused by the service ({answer.status})"
            sent.set_aside[outbox.refuse(batch, why, at=now())] = why
        case status:
            if batch.state != "in doubt":  # then an earlier try may yet have been accepted
                outbox.wait(batch, f"answered {status}")
            if status in (401, 403):
                raise NotSent(
                    f"The service answered {status}: this authority may not send with these "
                    "credentials. Ask whoever gave them to you."
                )
            return False
    return True


def _receipt(answer: Answer) -> str:
    """The receipt in an answer, which should be one uuid as JSON or as it stands."""
    text = answer.text.strip().strip('"')
    try:
        return str(uuid.UUID(text))
    except ValueError:
        # Accepted, and saying nothing we know: what it said is all the receipt there is.
        return text[:100]


class Feed:
    """The way to the department's service: signed in, and patient.

    `wait` is what passes the time between tries, in seconds.
    """

    def __init__(
        self, service: Service, *, now: Callable[[], datetime], wait: Callable[[float], None]
    ) -> None:
        self.service = service
        self._now = now
        self._wait = wait
        self._session = OAuth2Session(
            service.client_id, service.secret, scope=service.scope or None
        )

    def post(self, body: bytes) -> Answer:
        """Post a body until there is an answer that says what became of it.

        Raises `NotAnswered` where none comes, and `NotSent` where signing in is refused.
        """
        renewed = False
        answer: requests.Response | None
        for tried in range(1, TRIES + 1):
            if not self._session.token:
                self._sign_in()
            try:
                answer = self._session.post(
                    self.service.address, data=body, headers=self._headers(), timeout=PATIENCE
                )
            except (requests.ConnectionError, requests.Timeout):
                answer = None
            if answer is not None and answer.status_code == 401 and not renewed:
                renewed = True
                self._session.token = None
                continue
            if answer is not None and answer.status_code != 429 and answer.status_code < 500:
                return Answer(answer.status_code, answer.text)
            if tried < TRIES:
                self._wait(self._pause(answer, tried))
        if answer is not None and answer.status_code == 429:
            return Answer(429)  # which was certainly not accepted
        raise NotAnswered

    def _sign_in(self) -> None:
        for tried in range(1, TRIES + 1):
            try:
                self._session.fetch_token(
                    self.service.token_url, grant_type="client_credentials", timeout=PATIENCE
                )
            except OAuthError as error:
                raise NotSent(
                    f"Signing in to the service was refused ({error.error}). Check the client's "
                    "identifier and secret."
                ) from error
            except requests.RequestException:
                if tried < TRIES:
                    self._wait(self._pause(None, tried))
            else:
                return
        raise NotSent("The service that signs us in did not answer. Try again later.")

    def _headers(self) -> dict[str, str]:
        key = self.service.supplier_key
        return {"Content-Type": "application/json"} | ({"SupplierKey": key} if key else {})

    def _pause(self, answer: requests.Response | None, tried: int) -> float:
        pause: float = min(FIRST_WAIT * 2 ** (tried - 1), LONGEST_WAIT)
        asked = answer.headers.get("Retry-After", "") if answer is not None else ""
        if asked.isdigit():
            return float(min(int(asked), 600))
        if asked:
            try:
                until: datetime = parsedate_to_datetime(asked)
            except ValueError:
                return pause
            return max((until - self._now()).total_seconds(), 0.0)
        return pause

"""Writing down sign-ins, ending them, and keeping words when one has ended."""

import hashlib
import json
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.models import Session
from django.http import QueryDict

from harbourlight.foundation.sealing import CannotUnseal, seal, unseal
from harbourlight.foundation.sign_ins.models import WORDS_KEPT_FOR, KeptWords, SignIn

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User

SIGN_INS_KEPT_FOR = timedelta(days=365)
NEVER_KEPT = {"code", "credential", "login", "oldpassword"}
"""Fields that hold a secret. Their whole names: a postcode is no secret."""
NEVER_KEPT_BEGIN = ("csrf", "password", "draft-")
"""What the names begin with of other secrets, and of what a form carries that was not typed."""
NOT_TYPED = ("submission", "seen")
"""Fields that a form carries for itself: kept with the words, and never shown as them."""


def hash_of(secret: str) -> str:
    """What stands for a secret in the database."""
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def end_sign_in(sign_in: SignIn, *, at: datetime) -> None:
    """End one session, at its next request."""
    Session.objects.filter(session_key=sign_in.session_key).delete()
    sign_in.ended_at = at
    sign_in.save(update_fields=["ended_at"])


def end_other_sign_ins(user: "User", *, keeping: str | None, at: datetime) -> int:
    """End every session of this person but the one of sign-in `keeping`; how many there were."""
    ended = 0
    for sign_in in SignIn.objects.going_on(user, at=at).exclude(pk=keeping):
        end_sign_in(sign_in, at=at)
        ended += 1
    return ended


def clear_ended_sessions(*, at: datetime) -> dict[str, int]:
    """Delete what nobody can use any more: for a nightly job. Says how many of each."""
    sessions, _ = Session.objects.filter(expire_date__lte=at).delete()
    words, _ = KeptWords.objects.filter(at__lte=at - WORDS_KEPT_FOR).delete()
    old, _ = SignIn.objects.filter(seen_at__lte=at - SIGN_INS_KEPT_FOR).delete()
    return {"sessions": sessions, "kept words": words, "sign-ins": old}


def keep_words(
    typed: QueryDict, *, page: str, user: "User", browser: str, at: datetime
) -> KeptWords | None:
    """Keep what was typed in a page for the person who typed it; None if there was nothing.

    What is sent again of the same form replaces what was kept of it.
    """
    fields = {
        name: values
        for name, values in typed.lists()
        if name not in NEVER_KEPT and not name.startswith(NEVER_KEPT_BEGIN)
    }
    if not any(
        value.strip() for name, row in fields.items() for value in row if name not in NOT_TYPED
    ):
        return None
    kept = {
        "at": at,
        "sealed": seal(
            json.dumps({"page": page, "fields": fields}),
            purpose="words",
            held=f"{browser}:{user.pk}",
        ),
    }
    key = key_of(typed)
    whose: dict[str, Any] = {"user": user, "browser_hash": hash_of(browser)}
    if key is None:
        return KeptWords.objects.create(**whose, **kept)
    words, _ = KeptWords.objects.update_or_create(**whose, submission=key, defaults=kept)
    return words


def key_of(typed: QueryDict) -> uuid.UUID | None:
    """The key a form was sent with; None if it carries none, or it was altered on the way."""
    try:
        return uuid.UUID(typed.get("submission") or "")
    except ValueError:
        return None


def words_of(user: "User", *, browser: str, at: datetime) -> list[tuple[KeptWords, str, QueryDict]]:
    """What is kept for this person in this browser: each with its page and what was typed."""
    found = []
    for words in KeptWords.objects.filter(
        user=user, browser_hash=hash_of(browser), at__gt=at - WORDS_KEPT_FOR
    ).order_by("-at"):
        try:
            held = json.loads(unseal(words.sealed, purpose="words", held=f"{browser}:{user.pk}"))
        except CannotUnseal:
            continue
        typed = QueryDict(mutable=True)
        for name, values in held["fields"].items():
            typed.setlist(name, values)
        found.append((words, held["page"], typed))
    return found

"""Writing down sign-ins, ending them, and keeping words when one has ended."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.http import QueryDict

from harbourlight.foundation.sealing import CannotUnseal, seal, unseal
from harbourlight.foundation.sign_ins.models import WORDS_KEPT_FOR, KeptWords, SignIn

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User

SIGN_INS_KEPT_FOR = timedelta(days=365)
NEVER_KEPT = ("password", "csrf", "credential", "code", "login")
"""What the name of a field begins or ends with that holds a secret."""


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
    """Keep what was typed in a page for the person who typed it; None if there was nothing."""
    fields = {
        name: values
        for name, values in typed.lists()
        if not any(name.lower().startswith(no) or name.lower().endswith(no) for no in NEVER_KEPT)
    }
    if not any(
        value.strip() for name, row in fields.items() for value in row if name != "submission"
    ):
        return None
    sealed = seal(
        json.dumps({"page": page, "fields": fields}), purpose="words", held=f"{browser}:{user.pk}"
    )
    return KeptWords.objects.create(user=user, browser_hash=hash_of(browser), at=at, sealed=sealed)


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

"""Who made a contact or a referral, in words: the same on every page."""

from datetime import datetime

from django.utils.timezone import localdate

from harbourlight.standards import code_sets


def referrer_in_words(code: str, name: str, received_at: datetime) -> str:
    """The agency where it is named, and the kind it is as the census called it that day.

    A source system often writes the kind again as the name: it is said once.
    """
    kind = code_sets.label("referral_source", code, localdate(received_at))
    return kind if not name or name == kind else f"{name} ({kind})"

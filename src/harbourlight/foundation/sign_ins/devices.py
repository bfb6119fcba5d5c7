"""What a browser says of itself, and how a person proved who they were, in a few words.

It must not be used to tell people apart.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_in_words(user_agent: str) -> str:
    """The browser and the system: "Chrome on Windows"."""
    browser = next((name for mark, name in _BROWSERS if f"{mark}/" in user_agent), "")
    if not browser and "Safari/" in user_agent:
        browser = "Safari"
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("A browser we do not know")


def means_in_words(records: Iterable[Mapping[str, Any]]) -> str:
    """How a person signed in, of allauth's account of it."""
    words = {
        "password": gettext("password"),
        "socialaccount": gettext("work account"),
        "totp": gettext("authenticator app"),
        "webauthn": gettext("passkey"),
        "recovery_codes": gettext("recovery code"),
    }
    used = [words.get(str(record.get("type") or record["method"]), "") for record in records]
    return gettext(" and ").join(dict.fromkeys(filter(None, used))) or gettext("password")

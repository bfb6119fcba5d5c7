"""Sealing text so that the database alone does not give it away.

The key is made from the installation's signing key, a purpose, and whatever else the reader must
hold. It must not be used for passwords, which are never to be read back.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class CannotUnseal(Exception):
    """What was sealed was altered, or the reader does not hold what it was sealed with."""


def _box(purpose: str, held: str) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(
            base64.urlsafe_b64encode(
                salted_hmac(
                    f"harbourlight.sealing.{purpose}", held, secret=secret, algorithm="sha256"
                ).digest()
            )
        )
        for secret in secrets
    )


def seal(text: str, *, purpose: str, held: str = "") -> str:
    """The text, encrypted for one purpose and, with `held`, for one holder."""
    return _box(purpose, held).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str, held: str = "") -> str:
    """The text again. Raises `CannotUnseal`."""
    try:
        return _box(purpose, held).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotUnseal from error

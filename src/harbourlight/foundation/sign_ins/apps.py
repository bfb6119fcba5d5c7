"""The sign-ins app."""

from django.apps import AppConfig


class SignInsConfig(AppConfig):
    """Signed-in devices, and words kept when a session ends."""

    name = "harbourlight.foundation.sign_ins"
    label = "sign_ins"

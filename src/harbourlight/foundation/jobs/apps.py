"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work done in the background: what is waiting, running, done and failed."""

    name = "harbourlight.foundation.jobs"
    label = "jobs"

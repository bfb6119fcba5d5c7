"""The Django app that holds the layouts, the components and our style sheet."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The look and the words of every page."""

    name = "harbourlight.ui"
    label = "ui"

"""The notices app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What people are told, and how each has chosen to be told."""

    name = "harbourlight.foundation.notices"
    label = "notices"

    def ready(self) -> None:
        """Put the count of unread notices in the header of every page."""
        from harbourlight.foundation.notices.views import notices_link
        from harbourlight.ui import navigation

        navigation.put_in_header(notices_link)

"""The chronology app."""

from django.apps import AppConfig


class ChronologyConfig(AppConfig):
    """A child's chronology: its page, its marks and its printing."""

    name = "harbourlight.record.chronology"
    label = "chronology"

    def ready(self) -> None:
        """Show what happened in the gallery of components."""
        from harbourlight.record.chronology import gallery
        from harbourlight.ui.gallery import pieces

        pieces.show("Chronology", "chronology/gallery.html", gallery.happenings)

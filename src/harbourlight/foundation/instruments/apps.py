"""The instruments app."""

from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    """Versioned questionnaires: questions, versions and answers, whoever they are about."""

    name = "harbourlight.foundation.instruments"
    label = "instruments"

    def ready(self) -> None:
        """Put the questions that are asked in the navigation of those who may change them."""
        from harbourlight.foundation.access import Capability
        from harbourlight.foundation.instruments import gallery
        from harbourlight.ui import navigation
        from harbourlight.ui.gallery import pieces

        pieces.show("Questionnaire", "instruments/gallery.html", gallery.every_kind)

        navigation.register(
            "Questionnaires", "instruments:all", Capability.CHANGE_INSTRUMENTS, order=800
        )

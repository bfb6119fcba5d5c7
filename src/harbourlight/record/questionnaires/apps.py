"""The questionnaires app."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    """Questionnaires answered about children: what puts instruments on the record."""

    name = "harbourlight.record.questionnaires"
    label = "questionnaires"

    def ready(self) -> None:
        """Offer the instruments, refused if one changed without a new version, and tell of them."""
        from harbourlight.foundation.instruments.groups import tell_groups
        from harbourlight.foundation.instruments.shelf import put_on_shelf
        from harbourlight.record.documents.whole_record import tell_part
        from harbourlight.record.people import chronology, overview
        from harbourlight.record.questionnaires.chronology import questionnaires
        from harbourlight.record.questionnaires.in_full import questionnaires_in_full
        from harbourlight.record.questionnaires.lock import INSTRUMENTS
        from harbourlight.record.questionnaires.overview import questionnaires_of
        from harbourlight.record.workforce.choices import team_choices

        put_on_shelf(INSTRUMENTS)
        tell_groups(team_choices)
        chronology.contribute("questionnaire", "Questionnaires", questionnaires)
        overview.tell_section(questionnaires_of, order=40)
        tell_part(questionnaires_in_full, order=40)

"""The questionnaires app."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    """Questionnaires answered about children: what puts instruments on the record."""

    name = "harbourlight.record.questionnaires"
    label = "questionnaires"

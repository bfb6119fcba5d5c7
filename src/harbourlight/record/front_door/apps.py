"""The front door app."""

from django.apps import AppConfig


class FrontDoorConfig(AppConfig):
    """Contacts, the children they concern, and a manager's decisions on them."""

    name = "harbourlight.record.front_door"
    label = "front_door"

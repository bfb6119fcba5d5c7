"""The protection app."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """Section 47 enquiries, conferences, child protection plans and their reviews."""

    name = "harbourlight.record.protection"
    label = "protection"

"""The history app."""

from collections.abc import Sequence
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Model
from django.db.models.fields.related import resolve_relation
from django.db.models.signals import class_prepared, post_migrate, pre_migrate
from django.db.models.utils import make_model_tuple


class HistoryConfig(AppConfig):
    """Lines of history and corrections, and every state of every row kept."""

    name = "harbourlight.foundation.history"
    label = "history"

    def __init__(self, app_name: str, app_module: ModuleType | None) -> None:
        """Watch for models from before the first is made, so that none is missed."""
        class_prepared.connect(_keep)
        super().__init__(app_name, app_module)

    def ready(self) -> None:
        """Round each migration: let no trigger be passed over, and show the past as it was."""
        pre_migrate.connect(_take_away, sender=self)
        post_migrate.connect(_close, sender=self)


def _keep(sender: type[Model], **_: object) -> None:
    # By its app first: what keeps history cannot be imported while pghistory makes its own models.
    app = apps.app_configs.get(sender._meta.app_label)
    if app is None or app.name not in settings.HISTORY_KEPT:
        return
    from harbourlight.foundation.history.rows import is_kept, keep

    if is_kept(sender):
        # Once it and all it names are there: what is kept of a key is what the other is known by.
        named = {
            make_model_tuple(resolve_relation(sender, field.remote_field.model))
            for field in sender._meta.local_fields
            if field.remote_field is not None
        }
        own = (sender._meta.app_label, sender._meta.model_name)
        apps.lazy_model_operation(lambda model, *_: keep(model), own, *named)


def _take_away(*, using: str, plan: Sequence[object] = (), **_: object) -> None:
    from harbourlight.foundation.history import past

    if plan:
        past.take_away(using)


def _close(*, using: str, **_: object) -> None:
    from harbourlight.foundation.history import past, triggers

    triggers.close(using)
    past.publish(using)

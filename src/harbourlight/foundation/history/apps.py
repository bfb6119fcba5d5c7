"""The history app."""

from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Model
from django.db.models.signals import class_prepared, post_migrate


class HistoryConfig(AppConfig):
    """Lines of history and corrections, and every state of every row kept."""

    name = "harbourlight.foundation.history"
    label = "history"

    def __init__(self, app_name: str, app_module: ModuleType | None) -> None:
        """Watch for models from before the first is made, so that none is missed."""
        class_prepared.connect(_keep)
        super().__init__(app_name, app_module)

    def ready(self) -> None:
        """After each migration, let the triggers be neither passed over nor imitated."""
        post_migrate.connect(_close, sender=self)


def _keep(sender: type[Model], **_: object) -> None:
    # By its app first: what keeps history cannot be imported while pghistory makes its own models.
    app = apps.app_configs.get(sender._meta.app_label)
    if app is None or app.name not in settings.HISTORY_KEPT:
        return
    from harbourlight.foundation.history.rows import is_kept, keep

    if is_kept(sender):
        # Once it is registered: until then a key to the same table would be taken for one to the
        # table of its history.
        apps.lazy_model_operation(keep, (sender._meta.app_label, sender._meta.model_name))


def _close(*, using: str, **_: object) -> None:
    from harbourlight.foundation.history.triggers import close

    close(using)

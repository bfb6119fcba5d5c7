"""Every change of every row of the record, kept by PostgreSQL itself, by rule.

A model of an app in `settings.HISTORY_KEPT` has, with no line of its own, a model beside it that
holds each state its rows were ever in: `Person` has `PersonHistory`. Triggers fill it after each
insert, update and delete, whoever wrote and by whatever means, a COPY of a whole record included;
they fire once for a statement, not once for a row. What is left out stands with its reason in
`settings.HISTORY_NOT_KEPT`.

Nothing may change a row of history: a trigger refuses it to everybody, its owner too.
"""

from collections.abc import Iterator
from typing import Any

import pghistory
import pghistory.models
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

HISTORY = "History"
"""What the name of a model of history ends with."""

ON_THE_WAY_TO_A_PERSON = ("child", "person")
"""What a model about a person calls its way to them; any other hangs on a row that has one."""


class CurrentTransaction(models.Func):
    """The number PostgreSQL gave the transaction, which is never given again."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class RowHistory(pghistory.models.Event):
    """One state of one row: what changed it, when, in which transaction, and whose act it was.

    `pgh_created_at` is when the transaction began, so that an act is known whole or not at all;
    of two states of one row the later has the greater `pgh_id`, because the second writer waited
    for the first. `pgh_context` holds identifiers only: `act`, `by`, `request` and `page`.
    """

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_xid = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        abstract = True


def is_kept(model: type[models.Model]) -> bool:
    """Whether each change of this model's rows is kept, by the rule."""
    meta = model._meta
    return (
        meta.apps is apps  # and not a model as it stood at some migration
        and meta.managed
        and not (meta.abstract or meta.proxy or meta.auto_created)
        and not issubclass(model, pghistory.models.Event)
        and apps.get_app_config(meta.app_label).name in settings.HISTORY_KEPT
        and meta.label not in settings.HISTORY_NOT_KEPT
    )


def keep(model: type[models.Model]) -> None:
    """Make the model of history beside a model, and the triggers that fill it."""
    name = f"{model.__name__}{HISTORY}"
    indexed = [[model._meta.pk.name], *([one] for one in _ways(model))]
    pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        level=pghistory.Statement,
        base_model=RowHistory,
        model_name=name,
        exclude=[*_left_out(model)],
        obj_field=None,
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,  # type: ignore[arg-type]  # the library takes None, untold
        append_only=False,  # ours refuses TRUNCATE too
        attrs={field.name: _identifier(field) for field in _relations(model)},
        meta={
            "verbose_name": f"state of a {model._meta.verbose_name}",
            "verbose_name_plural": f"states of {model._meta.verbose_name_plural}",
            "indexes": [
                *(models.Index(fields=fields) for fields in indexed),
                # The newest rows lie together: a seal finds them by a few pages.
                BrinIndex(fields=["pgh_xid"], autosummarize=True, pages_per_range=32),
            ],
            "triggers": [
                pgtrigger.Trigger(
                    name="append_only",
                    level=pgtrigger.Statement,
                    when=pgtrigger.Before,
                    operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
                    func=pgtrigger.Func(
                        "RAISE EXCEPTION 'a line of % is never changed or deleted', TG_TABLE_NAME "
                        "USING ERRCODE = 'restrict_violation';"
                    ),
                )
            ],
        },
    )(model)


def kept_models() -> Iterator[type[models.Model]]:
    """Every model whose changes are kept."""
    return (model for model in apps.get_models() if is_kept(model))


def history_of(model: type[models.Model]) -> Any:
    """The model of history beside a model."""
    return model.pgh_event_model  # type: ignore[attr-defined]  # given by pghistory


def _relations(model: type[models.Model]) -> Iterator[models.ForeignKey[Any, Any]]:
    return (field for field in model._meta.local_fields if isinstance(field, models.ForeignKey))


def _identifier(field: models.ForeignKey[Any, Any]) -> "models.Field[Any, Any]":
    """What is kept of a relation: the identifier it held, under the relation's own name.

    Not a relation, for the other row may not be there any more; and because each migration makes
    again every model related to the one it changes, which of twice as many took a minute.
    """
    target = field.target_field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    column = field.column or field.get_attname()
    if isinstance(target, models.CharField):
        return models.CharField(
            field.verbose_name, max_length=target.max_length, null=field.null, db_column=column
        )
    return models.BigIntegerField(field.verbose_name, null=field.null, db_column=column)


def _left_out(model: type[models.Model]) -> Iterator[str]:
    for field in model._meta.local_fields:
        if field.generated or f"{model._meta.label}.{field.name}" in settings.HISTORY_NOT_KEPT:
            yield field.name


def _ways(model: type[models.Model]) -> list[str]:
    """The fields by which rows of a model are found from a person, or from what they hang on."""
    fields = [*_relations(model)]
    direct = [field.name for field in fields if field.name in ON_THE_WAY_TO_A_PERSON]
    return direct or [
        field.name
        for field in fields
        if not field.null and field.remote_field.model._meta.label != settings.AUTH_USER_MODEL
    ]

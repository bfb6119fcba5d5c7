"""The record as it was known at a past moment, read by the same queries as the record of today.

For each model of the record there is a view of the same name in a schema of its own: each row in
its last state at or before the moment asked for, from the history beside the table. Inside
`as_known` that schema comes first, so that every query of every app, and so every selector,
presenter and template, reads the past without knowing it. The views are made from the models by
rule, after every migration.

- A row that was struck out or corrected later is as it was before; one recorded later is not there.
- What history does not keep (it is worked out again by each write) has nothing in it: no fact of
  today can slip into a page of the past.
- Who may see what is decided by who they are now, and by what is kept from them now: row-level
  security holds for the views too; what was put behind a wall later is behind it, and what was made
  confidential later is confidential.
- Nothing can be written through them.

It must not know what any model is about.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, models, transaction

from harbourlight.foundation.history.models import Correction
from harbourlight.foundation.history.rows import RowHistory, history_of, is_kept
from harbourlight.server.postgres import APP

SCHEMA = "known_then"

AREA = "area"
"""The column that puts a row behind a wall: its states are shown where the row of today is."""

CONFIDENTIAL = "is_confidential"
"""The column that keeps a row from some who may see the rest: it holds then if it does today."""

_MOMENT = "(SELECT nullif(current_setting('harbourlight.known_at', true), '')::timestamptz)"

_moment: ContextVar[datetime | None] = ContextVar("known at", default=None)


def known_at() -> datetime | None:
    """The past moment that is being read; None where it is the record of today."""
    return _moment.get()


@contextmanager
def as_known(at: datetime) -> Iterator[None]:
    """Every query of the record made inside finds it as it was known at a moment.

    Its rows are read before leaving: a query set that is asked later finds today's. Raises
    `ValueError` for a time without a zone.
    """
    if at.tzinfo is None:
        raise ValueError("the moment at which the record was known carries its zone")
    token = _moment.set(at)
    features = connection.features
    by_key = features.allows_group_by_selected_pks
    # Of a view PostgreSQL does not know that its other columns follow from its key.
    features.allows_group_by_selected_pks = False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('search_path'), "
                "set_config('search_path', %s, true), "
                "set_config('harbourlight.known_at', %s, true)",
                [f"{SCHEMA}, public, pg_temp", at.isoformat()],
            )
            before = cursor.fetchone()[0]
            yield
            cursor.execute("SELECT set_config('search_path', %s, true)", [before])
    finally:
        features.allows_group_by_selected_pks = by_key
        _moment.reset(token)


# ---- The views ----------------------------------------------------------------------------------


def statements() -> Iterator[str]:
    """Everything PostgreSQL must be told, from the models as they are."""
    yield f"CREATE SCHEMA {SCHEMA}"
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if apps.get_app_config(meta.app_label).name not in settings.RECORD_APPS:
            continue
        if meta.managed and not meta.proxy and not issubclass(model, RowHistory):
            yield from _view(meta.db_table, _states(model) if is_kept(model) else _none(model))
    table = Correction._meta.db_table
    yield from _view(table, f'SELECT * FROM public."{table}" WHERE at <= {_MOMENT}')
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {APP}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {APP}"


def _view(table: str, query: str) -> Iterator[str]:
    yield f'CREATE VIEW {SCHEMA}."{table}" WITH (security_invoker) AS {query}'
    yield (
        f'CREATE TRIGGER never_changed INSTEAD OF INSERT OR UPDATE OR DELETE ON {SCHEMA}."{table}" '
        "FOR EACH ROW EXECUTE FUNCTION public.history_refuse()"
    )


def _none(model: type[models.Model]) -> str:
    return f'SELECT * FROM public."{model._meta.db_table}" WHERE false'


def _states(model: type[models.Model]) -> str:
    """Each row in its last state at or before the moment.

    Not the first of each group in order: then PostgreSQL would sort all there are before it kept
    one child's.
    """
    key, history = model._meta.pk.column, history_of(model)._meta.db_table
    columns = ", ".join(_column(model, field) for field in model._meta.local_concrete_fields)
    walled = any(field.column == AREA for field in model._meta.local_concrete_fields)
    return (
        f'SELECT {columns} FROM public."{history}" state '
        f"WHERE state.pgh_created_at <= {_MOMENT} AND state.pgh_label <> 'delete' "
        f'AND NOT EXISTS (SELECT FROM public."{history}" later '
        f'WHERE later."{key}" = state."{key}" AND later.pgh_id > state.pgh_id '
        f"AND later.pgh_created_at <= {_MOMENT})"
        + (f" AND EXISTS ({_today(model, '')})" if walled else "")
    )


def _today(model: type[models.Model], column: str) -> str:
    """The same row as it is today, if whoever asks may see it."""
    table, key = model._meta.db_table, model._meta.pk.column
    return f'SELECT {column} FROM public."{table}" today WHERE today."{key}" = state."{key}"'


def _column(model: type[models.Model], field: "models.Field[Any, Any]") -> str:
    kept = {one.column for one in history_of(model)._meta.local_concrete_fields}
    if isinstance(field, models.GeneratedField):
        return f'{_worked_out(field)} AS "{field.column}"'
    if field.column == CONFIDENTIAL:
        today = _today(model, f'today."{CONFIDENTIAL}"')
        return f'(state."{CONFIDENTIAL}" OR coalesce(({today}), false)) AS "{CONFIDENTIAL}"'
    if field.column in kept:
        return f'state."{field.column}"'
    return f'NULL::{field.db_type(connection)} AS "{field.column}"'


def _worked_out(field: models.GeneratedField) -> str:
    """A column that PostgreSQL works out for itself, worked out from the state instead."""
    sql, given = field.generated_sql(connection)
    with connection.cursor() as cursor:
        return str(cursor.mogrify(sql, given))


# ---- Publishing ---------------------------------------------------------------------------------


def take_away(using: str) -> None:
    """Take the views away before a migration, which may change what they are over."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def publish(using: str) -> None:
    """Make the views, unless they are there exactly so already."""
    told = [*statements()]
    mark = hashlib.sha256("\n".join(told).encode()).hexdigest()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [SCHEMA])
        if cursor.fetchone()[0] == mark:
            return
        take_away(using)
        for statement in told:
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{mark}'")

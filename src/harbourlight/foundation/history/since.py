"""What has been recorded, corrected or struck out about somebody since a past moment, row by row.

Read from the history of every row that hangs on them, in one question: a page of the past marks
with it what has been believed otherwise since. It must not know what any model is about, nor say
what a row holds: whoever may see the row reads that where it is shown.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, models

from harbourlight.foundation.history.past import AREA
from harbourlight.foundation.history.rows import ON_THE_WAY_TO_A_PERSON, history_of, is_kept


class What(enum.IntEnum):
    """What became of a row; of several, the greatest is said."""

    CORRECTED = 1
    ENDED = 2
    STRUCK_OUT = 3
    ADDED = 4


@dataclass(frozen=True)
class Change:
    """What became of one row since a moment: when last, and by whom, if by anybody, by name."""

    model: type[models.Model]
    row_id: str
    what: What
    at: datetime
    by: str


def changes_since(
    person: type[models.Model], person_id: str, at: datetime
) -> dict[tuple[type[models.Model], str], Change]:
    """What became of each row about somebody after a moment, by model and identifier.

    `person` is the model that the ways to a person lead to. A row of which others hang (a contact
    of several children) counts for the row through which it is theirs.
    """
    asked = [*_questions(person)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one.number, one.row_id, one.what, one.at, coalesce(account.full_name, '') "
            f"FROM ({' UNION ALL '.join(sql for _, sql in asked)}) one "
            f'LEFT JOIN public."{get_user_model()._meta.db_table}" account ON account.id = one.by',
            {"person": person_id, "at": at},
        )
        found: dict[tuple[type[models.Model], str], Change] = {}
        for number, row_id, what, when, by in cursor.fetchall():
            model = asked[number][0]
            change = Change(model, row_id, What(what), when, by)
            held = found.get((model, row_id))
            if held is None or (change.what, change.at) > (held.what, held.at):
                found[model, row_id] = change
    return found


def _questions(person: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """The selects, each with the model whose rows it gives, numbered in order."""
    for number, (model, whose, condition) in enumerate(_ways(person)):
        table, fields = _history(model), {field.column for field in model._meta.local_fields}
        struck = "state.struck_out_at IS NOT NULL" if "struck_out_at" in fields else "false"
        ended = "state.ended_on IS NOT NULL" if "ended_on" in fields else "false"
        shown = ""
        if AREA in fields:
            shown = f' AND EXISTS (SELECT FROM "{model._meta.db_table}" t WHERE t.id = state.id)'
        row_id = "state.id" if whose is model else "line.id"
        yield (
            whose,
            f"SELECT {number} AS number, {row_id}::text AS row_id, CASE "
            f"WHEN state.pgh_label = 'insert' THEN {What.ADDED.value} "
            f"WHEN {struck} OR state.pgh_label = 'delete' THEN {What.STRUCK_OUT.value} "
            f"WHEN {ended} THEN {What.ENDED.value} ELSE {What.CORRECTED.value} END AS what, "
            "state.pgh_created_at AS at, state.pgh_context ->> 'by' AS by "
            f"FROM {table} state {condition} "
            f"AND state.pgh_created_at > %(at)s{shown}",
        )


Way = tuple[type[models.Model], type[models.Model], str]


def _ways(person: type[models.Model]) -> Iterator[Way]:
    """Each model whose rows are somebody's, the model they count for, and which are whose."""
    yield person, person, "WHERE state.id = %(person)s"
    kept = [
        model
        for model in apps.get_models()
        if is_kept(model)
        and apps.get_app_config(model._meta.app_label).name in settings.RECORD_APPS
    ]
    direct = {model: column for model in kept if (column := _column_of(model, person))}
    for model, column in direct.items():
        yield model, model, f'WHERE state."{column}" = %(person)s'
    for model in kept:
        for field in model._meta.local_fields:
            onto = field.related_model
            if not isinstance(field, models.ForeignKey) or field.null or onto not in kept:
                continue
            if model in direct and onto not in direct and onto is not person:
                yield (  # what a line hangs on changed, and the line with it
                    onto,
                    model,
                    f'JOIN {_history(model)} line ON line."{field.column}" = state.id '
                    f"AND state.pgh_label <> 'insert' "
                    f'WHERE line."{direct[model]}" = %(person)s AND line.pgh_created_at <= %(at)s',
                )
            elif onto in direct and model not in direct:
                yield (
                    model,
                    model,
                    f'WHERE state."{field.column}" IN (SELECT id FROM {_history(onto)} '
                    f'WHERE "{direct[onto]}" = %(person)s)',
                )


def _column_of(model: type[models.Model], person: type[models.Model]) -> str:
    for field in model._meta.local_fields:
        named = field.name in ON_THE_WAY_TO_A_PERSON
        if named and isinstance(field, models.ForeignKey) and field.related_model is person:
            return str(field.column)
    return ""


def _history(model: type[models.Model]) -> str:
    return f'public."{history_of(model)._meta.db_table}"'

"""Keeping what was put to people, and an authority's changes: begun, written, put in force."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.instruments import shelf
from harbourlight.foundation.instruments.comparison import changed_meanings
from harbourlight.foundation.instruments.conditions import is_answer
from harbourlight.foundation.instruments.file_format import BadFile
from harbourlight.foundation.instruments.instrument import Instrument
from harbourlight.foundation.instruments.local_changes import Changes, changed
from harbourlight.foundation.instruments.models import Edition, LocalChange, Tally
from harbourlight.foundation.instruments.selectors import versions_of
from harbourlight.ui.formats import date_in_words


def keep_edition(instrument: Instrument, *, at: datetime) -> Edition:
    """The row that keeps an instrument as it is. Call inside an act."""
    edition, _ = Edition.objects.get_or_create(
        digest=instrument.digest,
        defaults={
            "code": instrument.code,
            "version": instrument.version,
            "local": instrument.edition,
            "definition": instrument.definition,
            "kept_at": at,
        },
    )
    return edition


def count(
    edition: Edition, answers: Mapping[str, Any], *, on: date, group: str, tally: Tally | None
) -> Tally:
    """Count a finished set of answers, or count it again after a correction. Call inside an act."""
    instrument = edition.instrument
    asked = instrument.asked(answers)
    tally = tally or Tally(edition=edition, finished_on=on, group=group)
    tally.not_asked = [name for name in instrument.questions if name not in asked]
    tally.unanswered = [
        name for name in instrument.questions if name in asked and not is_answer(answers.get(name))
    ]
    tally.save()
    return tally


class ChangedMeanwhile(Refused):
    """Somebody else wrote the draft since this page was opened."""


def begin_change(code: str, *, by: User, at: datetime) -> LocalChange:
    """Begin a change of an instrument from what is in force now, or go on with the one begun."""
    with acting("instrument:begin_change", by=by, at=at) as act:
        draft = LocalChange.objects.filter(code=code, number__isnull=True).first()
        if draft is None:
            latest = LocalChange.objects.filter(code=code).order_by("-number").first()
            draft = LocalChange.objects.create(
                code=code,
                text=latest.text if latest else _nothing_changed(code),
                begun_at=at,
                begun_by=by,
            )
        act.on(local_change=draft.pk)
    return draft


def _nothing_changed(code: str) -> str:
    """The text of changes that change nothing."""
    return Changes.read("", code).text


def go_back_to(code: str, number: int, *, by: User, at: datetime) -> LocalChange:
    """Begin a change that would ask as changes `number` did; 0 is the instrument as it came.

    It is a draft like any other: what is in force stays so until it is put in force. Raises
    `Refused` where a draft is begun already, and `LocalChange.DoesNotExist`.
    """
    with acting("instrument:go_back", by=by, at=at) as act:
        if LocalChange.objects.filter(code=code, number__isnull=True).exists():
            raise Refused(_("There is a draft already: put it in force or throw it away first"))
        text = LocalChange.objects.get(code=code, number=number).text if number else None
        text = text or _nothing_changed(code)
        draft = LocalChange.objects.create(code=code, text=text, begun_at=at, begun_by=by)
        act.on(local_change=draft.pk)
    return draft


def take_back(change: LocalChange, *, by: User, at: datetime) -> LocalChange:
    """Make changes whose day is still to come a draft again. Nobody was ever asked by them.

    Raises `Refused` for changes in force already, and where there is a draft.
    """
    with acting("instrument:take_back", by=by, at=at) as act:
        now = LocalChange.objects.select_for_update().get(pk=change.pk)
        if now.in_force_from is None or now.in_force_from <= localdate(at):
            raise Refused(
                _("These changes are not waiting for their day: go back to others instead")
            )
        if LocalChange.objects.filter(code=now.code, number__isnull=True).exists():
            raise Refused(_("There is a draft already: put it in force or throw it away first"))
        now.number = now.in_force_from = None
        now.put_in_force_at = now.put_in_force_by = None
        now.revision += 1
        now.save()
        act.on(local_change=now.pk)
    return now


def write_change(
    draft: LocalChange, text: str, *, revision: int, by: User, at: datetime
) -> LocalChange:
    """Write the text of a draft, if nobody did since `revision`.

    It may be wrong: it is a draft. Raises `ChangedMeanwhile`, and `Refused` for one in force.
    """
    with acting("instrument:write_change", by=by, at=at) as act:
        now = LocalChange.objects.select_for_update().get(pk=draft.pk)
        if now.number is not None:
            raise Refused(_("These changes are in force: begin new ones to change them"))
        if now.revision != revision:
            raise ChangedMeanwhile(
                "Somebody else changed this draft while you had the page open. Look at what it "
                "says now, then make your change again."
            )
        now.text, now.revision = text, now.revision + 1
        now.save(update_fields=["text", "revision"])
        act.on(local_change=now.pk)
    return now


def throw_away_change(draft: LocalChange, *, by: User, at: datetime) -> None:
    """Throw away a draft. Nothing was ever asked by it."""
    with acting("instrument:throw_away_change", by=by, at=at) as act:
        act.on(local_change=draft.pk)
        LocalChange.objects.filter(pk=draft.pk, number__isnull=True).delete()


def put_in_force(draft: LocalChange, *, on: date, by: User, at: datetime) -> LocalChange:
    """Put a draft in force from a day, today or later.

    Raises `Refused` where the draft has errors, or names as another kind of answer what was asked
    before: what is in force stays so.
    """
    if on < localdate(at):
        raise Refused(_("Changes come into force today or later"), field="on")
    base = shelf.as_it_came(draft.code, on)
    if base is None:
        raise Refused(
            _("The instrument is not in force on %(day)s") % {"day": date_in_words(on)}, field="on"
        )
    with acting("instrument:put_in_force", by=by, at=at) as act:
        now = LocalChange.objects.select_for_update().get(pk=draft.pk)
        if now.number is not None:
            raise Refused(_("These changes are in force already"))
        before = LocalChange.objects.filter(code=now.code).aggregate(
            number=Max("number"), day=Max("in_force_from")
        )
        if before["day"] and on < before["day"]:
            raise Refused(
                _("Changes come into force on %(day)s already: these must not come before them")
                % {"day": date_in_words(before["day"])},
                field="on",
            )
        number = (before["number"] or 0) + 1
        try:
            made = changed(base, now.text, "The changes", edition=number)
        except BadFile as bad:
            first, count = str(bad.faults[0]).rstrip("."), len(bad.faults)
            words = ngettext(
                "The changes have an error on %(first)s. What is in force stays in force.",
                "The changes have %(count)s errors, the first on %(first)s. What is in force stays "
                "in force.",
                count,
            )
            raise Refused(words % {"count": count, "first": first}) from None
        for before_it in versions_of(now.code).values():
            if wrong := changed_meanings(before_it, made):
                raise Refused(
                    _("%(fault)s. What is in force stays in force.") % {"fault": wrong[0]}
                )
        now.number, now.in_force_from = number, on
        now.put_in_force_at, now.put_in_force_by = at, by
        now.save()
        act.on(local_change=now.pk)
    return now

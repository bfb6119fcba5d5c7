"""Starting, answering, finishing, correcting and striking out a questionnaire about children."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.facts import correct, strike_out
from harbourlight.foundation.ids import new_id
from harbourlight.foundation.instruments.actions import count, keep_edition
from harbourlight.foundation.instruments.columns import fill_columns
from harbourlight.foundation.instruments.instrument import About, Instrument, Question
from harbourlight.record.people.models import Person
from harbourlight.record.questionnaires.models import Response
from harbourlight.record.questionnaires.policies import check_may_write
from harbourlight.record.workforce.models import Professional


class AnsweredMeanwhile(Refused):
    """Somebody else answered the same questions since the page was opened."""

    def __init__(self, now: Mapping[str, Any]) -> None:
        super().__init__(
            _(
                "Somebody else answered these questions while you had the page open. Nothing "
                "of yours "
                "or theirs is lost: compare the two, then save what should stand."
            )
        )
        self.now = now


def start(
    *,
    by: User,
    at: datetime,
    instrument: Instrument,
    children: Sequence[Person],
    on: date,
    worker: Professional | None,
) -> list[Response]:
    """Start an instrument about one child, or several together.

    Raises `Refused` where there is no child, or for a day still to come.
    """
    if not children:
        raise Refused(_("Choose at least one child"), field="children")
    if on > localdate(at):
        raise Refused(_("The date must be today or in the past"), field="on")
    with acting("questionnaire:start", by=by, at=at) as act:
        edition = keep_edition(instrument, at=at)
        occasion = new_id()
        started = [
            Response.objects.create(
                child=child,
                edition=edition,
                code=instrument.code,
                occasion=occasion,
                on=on,
                worker=worker,
                area=instrument.area,
                recorded_at=at,
                recorded_by=by,
            )
            for child in children
        ]
        act.on(occasion=occasion)
        act.touches(*(child.pk for child in children))
    return started


def mark_of(answers: Mapping[str, Any], questions: Iterable[Question]) -> str:
    """What some questions are answered with now, as a mark that differs when that does."""
    said = {one.name: answers[one.name] for one in questions if one.name in answers}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def answer(
    response: Response,
    answers: Mapping[str, Any],
    questions: Sequence[Question],
    *,
    seen: str,
    by: User,
    at: datetime,
) -> None:
    """Save what was answered to some questions of a page.

    What is about this child goes to this child's response and no other; what is said once goes to
    each of the occasion. `seen` is the mark of what the page showed. Raises `AnsweredMeanwhile`,
    and `Refused` when it is finished.
    """
    with acting("questionnaire:answer", by=by, at=at) as act:
        together = _together(response)
        now = next(one for one in together if one.pk == response.pk)
        check_may_write(now)
        if mark_of(now.answers, questions) not in (seen, mark_of(answers, questions)):
            raise AnsweredMeanwhile(now.answers)
        own = [one for one in questions if one.about is About.EACH]
        said_once = [one for one in questions if one.about.is_said_once]
        now.own = _laid_over(now.own, answers, own)
        for one in together:
            if said_once and not one.is_finished:
                one.shared = _laid_over(one.shared, answers, said_once)
        written = together if said_once else [now]
        for one in written:
            one.save(update_fields=["own", "shared"])
        act.on(response=now.pk)
        act.touches(*(one.child_id for one in written))


def _together(response: Response) -> list[Response]:
    """The responses of an occasion, held until the act ends, always in one order."""
    return [
        *Response.objects.standing()
        .select_for_update(of=("self",))
        .select_related("edition")
        .filter(occasion=response.occasion)
        .order_by("pk")
    ]


def _laid_over(
    held: Mapping[str, Any], answers: Mapping[str, Any], questions: Sequence[Question]
) -> dict[str, Any]:
    """The answers held, with those to these questions as they are now: given, or taken away."""
    asked = {one.name for one in questions}
    rest = {name: value for name, value in held.items() if name not in asked}
    return rest | {name: answers[name] for name in asked if name in answers}


def finish(
    occasion: Sequence[Response],
    reasons: Mapping[str, Mapping[str, str]],
    *,
    by: User,
    at: datetime,
) -> None:
    """Finish what was answered about each child of an occasion.

    `reasons` says, by response and question, why one that was wanted has no answer; it may be left
    out. Answers to what is not asked are dropped. Columns that answers fill are filled in the same
    act. Raises `Refused` where one is finished already.
    """
    with acting("questionnaire:finish", by=by, at=at) as act:
        for response in _together(occasion[0]):
            check_may_write(response)
            instrument = response.instrument
            kept = instrument.kept(response.answers)
            wanted = {one.name for one in instrument.unanswered(kept)}
            given = {**_for_all(instrument, reasons), **reasons.get(response.pk, {})}
            response.reasons = {name: given[name] for name in wanted if given.get(name)}
            _keep(response, kept)
            response.finished_at, response.finished_by = at, by
            response.tally = count(
                response.edition,
                kept,
                on=localdate(at),
                group=(response.worker.team_id or "") if response.worker else "",
                tally=None,
            )
            response.save()
            fill_columns(instrument, kept, response)
            act.touches(response.child_id)
        act.on(occasion=occasion[0].occasion)


def _for_all(instrument: Instrument, reasons: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The reasons given for what is said once: they are asked for once, too."""
    return {
        name: why
        for given in reasons.values()
        for name, why in given.items()
        if instrument.questions[name].about.is_said_once
    }


def _keep(response: Response, kept: Mapping[str, Any]) -> None:
    questions = response.instrument.questions
    response.own, response.shared = (
        {name: kept[name] for name in kept if questions[name].about.is_said_once is once}
        for once in (False, True)
    )


def correct_answers(
    response: Response,
    answers: Mapping[str, Any],
    questions: Sequence[Question],
    *,
    seen: str,
    by: User,
    at: datetime,
    because: str,
) -> None:
    """Correct answers that were finished, keeping what was said before, with the reason.

    What was said once is corrected in this child's record alone: each child's record stands by
    itself once it is finished. Raises `AnsweredMeanwhile`.
    """
    with acting("questionnaire:correct", by=by, at=at) as act:
        now = Response.objects.select_for_update(of=("self",)).get(pk=response.pk)
        if mark_of(now.answers, questions) != seen:
            raise AnsweredMeanwhile(now.answers)
        laid = _laid_over(now.answers, answers, questions)
        kept = now.instrument.kept(laid)
        unanswered = {one.name for one in now.instrument.unanswered(kept)}
        by_name = now.instrument.questions
        changes = {
            "own": {one: kept[one] for one in kept if not by_name[one].about.is_said_once},
            "shared": {one: kept[one] for one in kept if by_name[one].about.is_said_once},
            "reasons": {one: why for one, why in now.reasons.items() if one in unanswered},
        }
        act.on(response=now.pk)
        if correct(now, changes, by=by, at=at, because=because):
            if now.tally:
                count(now.edition, kept, on=now.on, group="", tally=now.tally)
            fill_columns(now.instrument, kept, now)
            act.touches(now.child_id)


def strike_out_response(response: Response, *, by: User, at: datetime, because: str) -> None:
    """Say that answers about a child were recorded in error. They are no longer counted."""
    with acting("questionnaire:strike_out", by=by, at=at) as act:
        strike_out(response, by=by, at=at, because=because)
        if response.tally:
            response.tally.counts = False
            response.tally.save(update_fields=["counts"])
        act.on(response=response.pk)
        act.touches(response.child_id)

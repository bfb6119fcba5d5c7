"""What the pages of questionnaires show, ready to display. It asks the database nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from harbourlight.foundation.history.models import Correction
from harbourlight.foundation.instruments.answering import in_words
from harbourlight.foundation.instruments.comparison import compared
from harbourlight.foundation.instruments.instrument import About, Instrument, Question
from harbourlight.foundation.instruments.private_words import Strayed, strayed_words
from harbourlight.record.questionnaires.models import Response
from harbourlight.record.questionnaires.steps import Step
from harbourlight.ui.formats import date_in_words
from harbourlight.ui.words import in_language

Names = Mapping[str, str]
"""The names of people by identifier, those the reader may see."""

TAGS = {
    gettext_noop("Completed"): "",
    gettext_noop("In progress"): "govuk-tag--light-blue",
    gettext_noop("Not started"): "govuk-tag--blue",
    gettext_noop("Nothing to ask"): "govuk-tag--grey",
}

STATE_COLOURS = {
    gettext_noop("Being written"): "blue",
    gettext_noop("Finished"): "green",
    gettext_noop("Finished, with reasons"): "yellow",
}


@dataclass(frozen=True)
class Row:
    """One question as it was answered. `words` is empty where it was not; `because` says why."""

    name: str
    label: str
    words: str
    because: str
    wanted: str
    about: str
    """Empty for what is the child's own."""
    href: str = ""


@dataclass(frozen=True)
class Part:
    """The answers of one section."""

    name: str
    title: str
    rows: tuple[Row, ...]


_ABOUT = {
    About.EACH: "",
    About.SHARED: gettext_noop("Said once for every child"),
    About.ADULT: gettext_noop("About an adult, said once"),
}


def parts_of(
    response: Response,
    names: Names,
    *,
    once: bool | None = None,
    steps: Sequence[Step] = (),
    alone: bool = False,
) -> list[Part]:
    """What was asked about a child and what was answered, by section.

    `once` keeps to what was said once, or to what is the child's own. `steps` are the pages on
    which it can still be changed. `alone` is true where no other child was answered for with them:
    then nothing is said of whom an answer was for.
    """
    instrument, answers = response.instrument, response.answers
    asked = instrument.asked(answers)
    found = []
    for section in instrument.sections:
        rows = tuple(
            _row(response, one, answers, names, steps, alone=alone)
            for one in section.questions
            if one.name in asked and once in (None, one.about.is_said_once)
        )
        if rows:
            found.append(Part(section.name, section.title, rows))
    return found


def _row(
    response: Response,
    question: Question,
    answers: Mapping[str, Any],
    names: Names,
    steps: Sequence[Step],
    *,
    alone: bool,
) -> Row:
    step = next(
        (
            one
            for one in steps
            if one.once is question.about.is_said_once
            and question in one.section.questions
            and (one.once or one.response.pk == response.pk)
        ),
        None,
    )
    return Row(
        name=question.name,
        label=question.label,
        words=in_words(question, answers.get(question.name), names),
        because=response.reasons.get(question.name, ""),
        wanted=question.wanted,
        about="" if alone else in_language(_ABOUT[question.about]),
        href=f"{step.href}#id_{question.name}" if step else "",
    )


# ---- The list of what there is to do ------------------------------------------------------------


@dataclass(frozen=True)
class Tasks:
    """The pages about one child, or those for all, as a task list takes them."""

    title: str
    items: tuple[dict[str, Any], ...]


def tasks_of(steps: Sequence[Step]) -> list[Tasks]:
    """What there is to answer: for all first, then child by child."""
    together = {one.response.pk: one.response for one in steps}
    groups = [(_("For every child"), [one for one in steps if one.once])]
    groups += [
        (response.child.name, [one for one in steps if not one.once and one.response.pk == key])
        for key, response in together.items()
    ]
    if len(together) == 1:
        groups = [(together.popitem()[1].child.name, [*steps])]
    return [Tasks(title, tuple(_item(one) for one in pages)) for title, pages in groups if pages]


def _item(step: Step) -> dict[str, Any]:
    done = step.progress
    says = in_language(done.says)
    tag = {"text": says, "classes": TAGS[done.says]}
    status: dict[str, Any] = {"text": says} if done.says == "Completed" else {"tag": tag}
    item: dict[str, Any] = {"title": {"text": step.section.title}, "status": status}
    if done.asked:
        item["href"] = step.href
    return item


# ---- Words in another's record ------------------------------------------------------------------


@dataclass(frozen=True)
class Misplaced:
    """One child's own words in another child's record, told for somebody to look at."""

    whose: str
    where: str
    words: str
    href: str


def misplaced(together: Sequence[Response], steps: Sequence[Step]) -> list[Misplaced]:
    """The private words of each child that stand in another's record, or in what is shared."""
    by_child = {one.pk: one for one in together}
    instrument = together[0].instrument
    found = strayed_words(instrument, {one.pk: one.own for one in together}, together[0].shared)
    return [_misplaced(one, by_child, steps) for one in found]


def strayed_between(together: Sequence[Response]) -> list[str]:
    """The same of responses that are finished, each of which stands by itself: a sentence each."""
    names = {one.pk: one.child.name for one in together}
    found = strayed_words(together[0].instrument, {one.pk: one.answers for one in together}, {})
    return [
        _(
            "Words of {child}, “{words}”, stand in the record of {other} too, under “{question}”. "
            "If that is a mistake, correct it there."
        ).format(
            child=names[one.of],
            words=one.words,
            other=names[one.found_in],
            question=one.answer.label,
        )
        for one in found
    ]


def _misplaced(one: Strayed, by_id: Mapping[str, Response], steps: Sequence[Step]) -> Misplaced:
    kept_of = by_id[one.found_in].child.name if one.found_in else _("what is said for every child")
    step = next(
        page
        for page in steps
        if one.answer in page.questions
        and (page.once if not one.found_in else page.response.pk == one.found_in)
    )
    return Misplaced(
        whose=by_id[one.of].child.name,
        where=f"{one.answer.label} ({kept_of})",
        words=one.words,
        href=f"{step.href}#id_{one.answer.name}",
    )


# ---- Comparing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """One question then and now."""

    label: str
    then: str
    now: str
    changed: bool
    note: str
    """What became of the question itself, where it is not the same."""


def beside(then: Response, now: Response, names: Names) -> list[Beside]:
    """Question by question, what was answered last time and this time."""
    rows = []
    for one in compared(then.instrument, then.answers, now.instrument, now.answers):
        note = ""
        if one.now_question is None or one.now_question.retired:
            note = _("No longer asked")
        elif one.then_question is None:
            note = _("Not asked then")
        elif one.is_reworded:
            note = _("Asked then as “%(label)s”") % {"label": one.then_question.label}
        rows.append(
            Beside(
                label=one.label,
                then=in_words(one.then_question, one.then, names) if one.then_question else "",
                now=in_words(one.now_question, one.now, names) if one.now_question else "",
                changed=one.is_changed,
                note=note,
            )
        )
    return rows


@dataclass(frozen=True)
class Conflict:
    """One question that two people answered differently."""

    label: str
    theirs: str
    yours: str


def conflicts(
    questions: Iterable[Question],
    theirs: Mapping[str, Any],
    yours: Mapping[str, Any],
    names: Names,
) -> list[Conflict]:
    """The questions of a page that somebody else answered otherwise."""
    return [
        Conflict(
            one.label,
            in_words(one, theirs.get(one.name), names),
            in_words(one, yours.get(one.name), names),
        )
        for one in questions
        if theirs.get(one.name) != yours.get(one.name)
    ]


# ---- What was corrected -------------------------------------------------------------------------


@dataclass(frozen=True)
class Corrected:
    """What an answer said before it was corrected."""

    field: str
    was: str
    now: str
    because: str
    by: str
    at: datetime


def corrected(
    instrument: Instrument, corrections: Iterable[Correction], names: Names
) -> list[Corrected]:
    """What each answer said before each correction, the latest first."""
    every = {one.name: one for one in instrument.all_questions()}
    found = []
    for one in corrections:
        if one.field not in ("own", "shared"):
            continue
        was, now = one.was or {}, one.now or {}
        for name in dict.fromkeys([*was, *now]):
            if was.get(name) != now.get(name) and name in every:
                found.append(
                    Corrected(
                        field=every[name].label,
                        was=in_words(every[name], was.get(name), names) or _("Not answered"),
                        now=in_words(every[name], now.get(name), names) or _("Not answered"),
                        because=one.because,
                        by=str(one.by),
                        at=one.at,
                    )
                )
    return found


# ---- On a child's page --------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A response as a list shows it."""

    href: str
    title: str
    on: str
    worker: str
    state: str
    colour: str


def listed(response: Response) -> Listed:
    """One line of a child's page. One being written leads to where it is written."""
    if response.is_finished:
        href = reverse("questionnaires:response", args=[response.pk])
    else:
        href = reverse("questionnaires:together", args=[response.occasion])
    return Listed(
        href=href,
        title=response.instrument.title,
        on=date_in_words(response.on),
        worker=str(response.worker or ""),
        state=in_language(response.state_in_words),
        colour=STATE_COLOURS[response.state_in_words],
    )

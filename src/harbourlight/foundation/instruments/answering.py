"""Questions as a form, what is typed as answers, and answers as words.

A question that waits for a choice on the same page is revealed by it; without JavaScript it is seen
at once, and what was not asked is dropped when the page is sent. One that waits for anything else
is on the page once the answers call for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from harbourlight.foundation.instruments.conditions import Is, is_answer
from harbourlight.foundation.instruments.instrument import Instrument, Kind, Question
from harbourlight.ui import forms
from harbourlight.ui.formats import clock_in_words, date_in_words, instant_in_words
from harbourlight.ui.forms.fields import DrawnField

SOMEBODY_ELSE = "somebody_else"
NAMED = "__named"
"""What the name of the box ends with in which people are named who are not on the list."""

MARK = "page-mark"
"""The field that carries what a page showed. No question has a name with a hyphen in it."""

LONGEST_LINE = 300

People = Sequence[tuple[str, str]]
"""Who may be picked where a question asks who: an identifier and what it is read as."""


class GuidedField(DrawnField):
    """A question with the guidance that belongs to it beneath."""

    def as_field_group(self, *args: Any, **more: Any) -> SafeString:
        """The question drawn, then its guidance, opened by whoever wants it."""
        drawn = super().as_field_group(*args, **more)
        guidance = getattr(self.field, "guidance", "")
        if not guidance:
            return drawn
        context = {"drawn": drawn, "guidance": guidance, "about": self.field.noun}
        return self.render("instruments/guided.html", context)


class AnswerForm(forms.Form):
    """The questions of one page. Made by `form_for`."""

    instrument: Instrument
    questions: tuple[Question, ...]

    @property
    def given(self) -> dict[str, Any]:
        """What was answered, by question, as it is kept. Only after the form was found valid."""
        return {
            one.name: answer
            for one in self.questions
            if is_answer(answer := _kept(one, self.cleaned_data))
        }


def form_for(
    instrument: Instrument,
    questions: Iterable[Question],
    *,
    data: Any = None,
    answers: Mapping[str, Any],
    people: People = (),
    mark: str = "",
) -> AnswerForm:
    """A form of these questions, beginning with the answers there are.

    `mark` says what the page showed; it comes back as `cleaned_data[MARK]`.
    """
    asked = tuple(questions)
    fields: dict[str, Any] = {MARK: forms.HiddenField(required=False)}
    reveals = _reveals(asked)
    for question in asked:
        fields |= _fields(question, reveals.get(question.name, {}), people)
    made = type("Answers", (AnswerForm,), fields | {"instrument": instrument, "questions": asked})
    initial: dict[str, Any] = {MARK: mark}
    for question in asked:
        initial |= _initial(question, answers.get(question.name), {one for one, _ in people})
    return made(data, initial=initial)


def questions_of_page(
    instrument: Instrument, questions: Iterable[Question], answers: Mapping[str, Any]
) -> list[Question]:
    """Of these questions, those to put on one page: asked now, or revealed by one that is."""
    asked = instrument.asked(answers)
    page: dict[str, Question] = {}
    several = [*questions]
    for _ in several:  # what a revealed question reveals in its turn
        for one in several:
            waits = one.when.question if isinstance(one.when, Is) else ""
            if one.name in asked or (waits in page and page[waits].offered):
                page.setdefault(one.name, one)
    return [one for one in several if one.name in page]


def _reveals(questions: Sequence[Question]) -> dict[str, dict[str, list[str]]]:
    """For each choice on a page, by its question and value, the questions it reveals.

    Only where a question waits for exactly one value: one revealed by two would be there twice.
    """
    there = {one.name: one for one in questions}
    found: dict[str, dict[str, list[str]]] = {}
    for one in questions:
        if isinstance(one.when, Is) and len(one.when.values) == 1:
            on = there.get(one.when.question)
            if on is not None and on.offered:
                names = found.setdefault(on.name, {}).setdefault(one.when.values[0], [])
                names.append(one.name)
    return found


def _fields(
    question: Question, reveals: Mapping[str, Sequence[str]], people: People
) -> dict[str, Any]:
    words: dict[str, Any] = {
        "label": question.label,
        "hint": question.hint,
        "noun": question.noun or (gettext("the answer to “%(label)s”") % {"label": question.label}),
        "required": False,
    }
    extra: dict[str, Any] = {}
    field: Any
    match question.kind:
        case Kind.TEXT | Kind.PLACE:
            field = forms.TextField(max_length=LONGEST_LINE, **words)
        case Kind.LONG_TEXT:
            field = forms.TextAreaField(rows=6, **words)
        case Kind.YES_NO | Kind.YES_NO_NOT_KNOWN:
            inline = not reveals and question.kind is Kind.YES_NO
            field = forms.RadiosField(
                choices=_choices(question), reveals=reveals, inline=inline, **words
            )
        case Kind.ONE_OF | Kind.SCALE:
            field = forms.RadiosField(choices=_choices(question), reveals=reveals, **words)
        case Kind.MANY_OF:
            words["hint"] = question.hint or gettext("Tick all that apply.")
            field = forms.CheckboxesField(choices=_choices(question), reveals=reveals, **words)
        case Kind.DATE:
            field = forms.DateField(**words)
        case Kind.INSTANT:
            field = forms.DateTimeField(**words)
        case Kind.TIME:
            if not question.hint:
                words.pop("hint")
            field = forms.TimeField(**words)
        case Kind.NUMBER:
            field = forms.NumberField(**words)
        case Kind.WHO:
            named = f"{question.name}{NAMED}"
            words["hint"] = question.hint or gettext("Tick all that apply.")
            field = forms.CheckboxesField(
                choices=[*people, (SOMEBODY_ELSE, gettext("Somebody else"))],
                reveals={SOMEBODY_ELSE: [named]},
                **words,
            )
            other = forms.TextField(
                label="Who else?",
                noun="who else",
                hint="Their names, or who they are. Put a comma between two.",
                required=False,
                max_length=LONGEST_LINE,
            )
            other.marks_optional = False
            extra[named] = other
    field.marks_optional = not question.wanted
    field.guidance = question.guidance
    field.bound_field_class = GuidedField
    return {question.name: field} | extra


def _choices(question: Question) -> list[forms.Choice]:
    return [forms.Choice(one.value, one.text, one.hint) for one in question.offered]


def _initial(question: Question, answer: Any, offered: set[str]) -> dict[str, Any]:
    if not is_answer(answer):
        return {}
    match question.kind:
        case Kind.DATE:
            answer = date.fromisoformat(answer)
        case Kind.INSTANT:
            answer = datetime.fromisoformat(answer)
        case Kind.TIME:
            answer = time.fromisoformat(answer)
        case Kind.WHO:
            ids = [one for one in answer.get("ids", ()) if one in offered]
            named = answer.get("named", "")
            chosen = [*ids, SOMEBODY_ELSE] if named else ids
            return {question.name: chosen, f"{question.name}{NAMED}": named}
    return {question.name: answer}


def _kept(question: Question, cleaned: Mapping[str, Any]) -> Any:
    """A cleaned value as it is kept: what JSON holds, instants in UTC."""
    value = cleaned.get(question.name)
    if question.kind is Kind.WHO:
        named = cleaned.get(f"{question.name}{NAMED}") or ""
        ids = [one for one in value or () if one != SOMEBODY_ELSE]
        return {"ids": ids, "named": named}
    return value.isoformat() if isinstance(value, date | datetime | time) else value


# ---- Words --------------------------------------------------------------------------------------


def in_words(question: Question, answer: Any, people: Mapping[str, str]) -> str:
    """An answer as it is read; empty if there is none. `people` are names by identifier."""
    if not is_answer(answer):
        return ""
    match question.kind:
        case Kind.DATE:
            return date_in_words(date.fromisoformat(answer))
        case Kind.INSTANT:
            return instant_in_words(datetime.fromisoformat(answer))
        case Kind.TIME:
            return clock_in_words(time.fromisoformat(answer))
        case Kind.NUMBER:
            return f"{answer:,}"
        case Kind.MANY_OF:
            return "\n".join(question.text_of(one) for one in answer)
        case Kind.WHO:
            known = [
                people.get(one, gettext("Somebody who is not shown"))
                for one in answer.get("ids", ())
            ]
            return "\n".join([*known, *filter(None, [answer.get("named", "")])])
    return question.text_of(answer) if question.offered else str(answer)


def people_in(instrument: Instrument, answers: Mapping[str, Any]) -> set[str]:
    """The identifiers of the people an answer names."""
    return {
        one
        for question in instrument.all_questions()
        if question.kind is Kind.WHO
        for one in (answers.get(question.name) or {}).get("ids", ())
    }


# ---- How far somebody has got -------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far the questions of one page are answered."""

    asked: int
    answered: int
    still_wanted: int

    @property
    def says(self) -> str:
        """`Not started`, `In progress`, `Completed`, or `Nothing to ask`, to be looked up."""
        if not self.asked:
            return gettext_noop("Nothing to ask")
        if not self.answered:
            return gettext_noop("Not started")
        return gettext_noop("In progress") if self.still_wanted else gettext_noop("Completed")


def progress(
    instrument: Instrument, questions: Iterable[Question], answers: Mapping[str, Any]
) -> Progress:
    """How far these questions are answered."""
    asked_names = instrument.asked(answers)
    asked = [one for one in questions if one.name in asked_names]
    left = [one for one in asked if not is_answer(answers.get(one.name))]
    return Progress(
        asked=len(asked),
        answered=len(asked) - len(left),
        still_wanted=sum(bool(one.wanted) for one in left),
    )

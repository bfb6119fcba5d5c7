"""Pages of questionnaires: started, answered page by page, checked, finished, read, compared."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from harbourlight.foundation.access import Capability, SignedInRequest, refusal, requires
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.documents.printing import (
    CannotPrint,
    pdf_response,
    printed,
    render_pdf,
)
from harbourlight.foundation.facts import corrections_of
from harbourlight.foundation.forms import StrikeOutForm
from harbourlight.foundation.history.models import record_reading
from harbourlight.foundation.instruments.answering import (
    MARK,
    AnswerForm,
    form_for,
    people_in,
    questions_of_page,
)
from harbourlight.foundation.instruments.instrument import Question, Section
from harbourlight.foundation.instruments.selectors import instrument_in_force
from harbourlight.record.people.identity import identity_bar
from harbourlight.record.people.models import Person
from harbourlight.record.questionnaires import actions, presenters, selectors
from harbourlight.record.questionnaires.forms import (
    BecauseForm,
    CompareForm,
    FinishForm,
    StartForm,
)
from harbourlight.record.questionnaires.models import Response
from harbourlight.record.questionnaires.policies import may_correct, may_write
from harbourlight.record.questionnaires.steps import questions_of, step_after, steps_of
from harbourlight.record.workforce.models import Professional
from harbourlight.ui.formats import date_in_words
from harbourlight.ui.forms import Choice

MOST_COMPARED = 50
"""Earlier times that are offered to compare with, the latest first."""

BECAUSE = "correction-because"
"""The field with the reason of a correction. No question has a name with a hyphen in it."""


def _get(request: SignedInRequest, response_id: str) -> Response:
    found = selectors.visible_to(request.user).select_related(
        "child", "edition", "worker", "finished_by", "tally"
    )
    return get_object_or_404(found, pk=response_id)


def _together(request: SignedInRequest, occasion: str) -> list[Response]:
    """The responses of an occasion, those this person may see. Raises 404 for none."""
    found = [*selectors.of_occasion(request.user, occasion)]
    if not found:
        raise Http404
    return found


def _page(
    request: SignedInRequest, template: str, children: Sequence[Person], **context: Any
) -> HttpResponse:
    """A page about children; the reading is written down. One child alone has their bar on it."""
    now = timezone.now()
    ids = [one.pk for one in children]
    record_reading(name="questionnaire:page", by=request.user, at=now, children=ids)
    if len(children) == 1:
        context["identity"] = identity_bar(children[0], on=timezone.localdate(now))
    return render(request, f"questionnaires/{template}", {"children": children, **context})


def _to_child(child_id: str) -> str:
    return f"{reverse('people:child', args=[child_id])}#questionnaires"


# ---- Starting -----------------------------------------------------------------------------------


@requires(Capability.ANSWER_INSTRUMENT)
def begin(request: SignedInRequest, child_id: str) -> HttpResponse:
    """Choose a questionnaire, and which children of the family it is about."""
    child = get_object_or_404(selectors.children_read_by(request.user), pk=child_id)
    at = timezone.now()
    family = {one.pk: one for one in selectors.children_of_family(request.user, child)}
    instruments = selectors.instruments_for(request.user, timezone.localdate(at))
    initial = {"children": [child.pk], "worker": request.user.professional_id}
    form = StartForm(
        request.POST or None,
        instruments=instruments,
        children=[Choice(key, one.name) for key, one in family.items()],
        initial=initial,
    )

    def act(given: dict[str, Any]) -> str:
        started = actions.start(
            by=request.user,
            at=at,
            instrument=next(one for one in instruments if one.code == given["instrument"]),
            children=[family[one] for one in given["children"]],
            on=given["on"],
            worker=get_object_or_404(Professional, pk=given["worker"]),
        )
        return reverse("questionnaires:together", args=[started[0].occasion])

    answer = answer_form(request, form, act, at=at)
    blanks = [(one.title, reverse("questionnaires:blank", args=[one.code])) for one in instruments]
    context = {"form": form, "child": child, "blanks": blanks, "back": _to_child(child.pk)}
    return answer or _page(request, "start.html", [*family.values()], **context)


@requires(Capability.ANSWER_INSTRUMENT)
def blank(request: SignedInRequest, code: str) -> HttpResponse:
    """A questionnaire on paper: every question, with room to write."""
    instrument = instrument_in_force(code, timezone.localdate())
    if instrument is None or not selectors.may_enter(request.user, instrument.area):
        raise Http404
    return render(request, "instruments/blank.html", {"instrument": instrument})


# ---- Answering ----------------------------------------------------------------------------------


@requires(Capability.ANSWER_INSTRUMENT)
def together(request: SignedInRequest, occasion: str) -> HttpResponse:
    """What there is to answer, for all and for each child, and how far it has got."""
    responses = _together(request, occasion)
    if all(one.is_finished for one in responses):
        return redirect("questionnaires:response", response_id=responses[0].pk)
    steps = steps_of(responses)
    context = {
        "instrument": responses[0].instrument,
        "response": responses[0],
        "tasks": presenters.tasks_of(steps),
        "back": _to_child(responses[0].child_id),
    }
    return _page(request, "together.html", [one.child for one in responses], **context)


@requires(Capability.ANSWER_INSTRUMENT)
def answer_shared(request: SignedInRequest, response_id: str, section: str) -> HttpResponse:
    """Answer the questions of a section that are said once for every child."""
    return _answer(request, _get(request, response_id), section, once=True)


@requires(Capability.ANSWER_INSTRUMENT)
def answer_own(request: SignedInRequest, response_id: str, section: str) -> HttpResponse:
    """Answer the questions of a section about one child."""
    return _answer(request, _get(request, response_id), section, once=False)


def _section(response: Response, name: str, *, once: bool) -> tuple[Section, tuple[Question, ...]]:
    for section in response.instrument.sections:
        if section.name == name and (questions := questions_of(section, once=once)):
            return section, questions
    raise Http404


def _people(request: SignedInRequest, responses: Sequence[Response]) -> list[tuple[str, str]]:
    """Who may be picked: the family; it is written down who was shown."""
    family = selectors.family_of(request.user, [one.child_id for one in responses])
    at, ids = timezone.now(), [one.pk for one in family]
    if ids:
        record_reading(name="people:family", by=request.user, at=at, children=ids)
    return [(one.pk, one.name) for one in family]


def _answer(request: SignedInRequest, response: Response, name: str, *, once: bool) -> HttpResponse:
    if response.is_finished:
        return redirect("questionnaires:response", response_id=response.pk)
    section, questions = _section(response, name, once=once)
    responses = _together(request, response.occasion)
    page = questions_of_page(response.instrument, questions, response.answers)
    people = _people(request, responses) if any(one.kind.value == "who" for one in page) else []
    form = form_for(
        response.instrument,
        page,
        data=request.POST or None,
        answers=response.answers,
        people=people,
        mark=actions.mark_of(response.answers, page),
    )
    at, differing = timezone.now(), list[Any]()

    def act(given: dict[str, Any]) -> str:
        with _showing_both(form, page, people, differing):
            actions.answer(response, form.given, page, seen=given[MARK], by=request.user, at=at)
        return _onward(request, response, section.name, page, once=once)

    answer = answer_form(request, form, act, at=at)
    children = [one.child for one in responses] if once else [response.child]
    context = {
        "form": form,
        "section": section,
        "response": response,
        "instrument": response.instrument,
        "once": once,
        "several": len(responses) > 1,
        "differing": differing,
        "back": reverse("questionnaires:together", args=[response.occasion]),
    }
    return answer or _page(request, "answer.html", children, **context)


@contextmanager
def _showing_both(
    form: AnswerForm,
    page: Sequence[Question],
    people: Sequence[tuple[str, str]],
    differing: list[Any],
) -> Iterator[None]:
    """Where somebody else answered meanwhile, put both versions of what differs in `differing`,
    and let the page carry the mark of what it shows now."""
    try:
        yield
    except actions.AnsweredMeanwhile as meanwhile:
        form.carry(MARK, actions.mark_of(meanwhile.now, page))
        differing.extend(presenters.conflicts(page, meanwhile.now, form.given, dict(people)))
        raise


def _onward(
    request: SignedInRequest,
    response: Response,
    section: str,
    page: Sequence[Question],
    *,
    once: bool,
) -> str:
    """Where to go after a page is saved: to it again where the answers ask for more on it."""
    if "come-later" in request.POST:
        messages.success(request, gettext("Your answers are kept. Go on with them when you like."))
        return reverse("questionnaires:together", args=[response.occasion])
    responses = _together(request, response.occasion)
    steps = steps_of(responses)
    step = next(
        one
        for one in steps
        if one.section.name == section
        and one.once is once
        and (once or one.response.pk == response.pk)
    )
    now = questions_of_page(step.response.instrument, step.questions, step.response.answers)
    if {one.name for one in now} - {one.name for one in page}:
        messages.info(request, gettext("What you answered asks for more on this page."))
        return step.href
    return step_after(steps, section, response, once=once)


# ---- Checking and finishing ---------------------------------------------------------------------


@requires(Capability.ANSWER_INSTRUMENT)
def check(request: SignedInRequest, occasion: str) -> HttpResponse:
    """Read everything back, be told what is missing or misplaced, and finish."""
    responses = _together(request, occasion)
    first = responses[0]
    if all(one.is_finished for one in responses):
        return redirect("questionnaires:response", response_id=first.pk)
    steps = steps_of(responses)
    unanswered = _unanswered(responses)
    form = FinishForm(request.POST or None, unanswered=unanswered)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.finish(responses, form.reasons, by=request.user, at=at)
        return _to_child(first.child_id)

    done = gettext("%(title)s: finished.") % {"title": first.instrument.title}
    answer = answer_form(request, form, act, at=at, done=done)
    names, alone = _names(request, responses), len(responses) == 1
    context = {
        "form": form,
        "instrument": first.instrument,
        "response": first,
        "shared": presenters.parts_of(first, names, once=True, steps=steps, alone=alone),
        "own": [
            (one.child, presenters.parts_of(one, names, once=False, steps=steps, alone=alone))
            for one in responses
        ],
        "misplaced": presenters.misplaced(responses, steps),
        "unanswered": unanswered,
        "back": reverse("questionnaires:together", args=[occasion]),
    }
    return answer or _page(request, "check.html", [one.child for one in responses], **context)


def _unanswered(responses: Sequence[Response]) -> list[tuple[Response, Question]]:
    """What was wanted and has no answer: what is said once, once."""
    found = []
    for number, response in enumerate(responses):
        for question in response.instrument.unanswered(response.answers):
            if number == 0 or not question.about.is_said_once:
                found.append((response, question))
    return found


def _names(request: SignedInRequest, responses: Sequence[Response]) -> Mapping[str, str]:
    """The names of those whom answers name, of those this person may see."""
    ids = {one for each in responses for one in people_in(each.instrument, each.answers)}
    return selectors.names_of(request.user, ids)


# ---- Reading ------------------------------------------------------------------------------------


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, response_id: str) -> HttpResponse:
    """What was answered about one child, in the words it was asked in."""
    response = _get(request, response_id)
    corrections = [*corrections_of(response)]
    context = {
        "response": response,
        "instrument": response.instrument,
        "parts": presenters.parts_of(
            response, _names(request, [response]), alone=selectors.is_alone(response)
        ),
        "corrected": presenters.corrected(
            response.instrument, corrections, _names_in(request, response, corrections)
        ),
        "colour": presenters.STATE_COLOURS[response.state_in_words],
        "before": selectors.before(response, request.user).first(),
        "may_write": may_write(request.user, response),
        "may_correct": may_correct(request.user, response),
        "may_strike_out": request.user.can(Capability.CORRECT_RECORD),
        "back": _to_child(response.child_id),
    }
    return _page(request, "response.html", [response.child], **context)


def _names_in(
    request: SignedInRequest, response: Response, corrections: Sequence[Any]
) -> Mapping[str, str]:
    ids = {
        name
        for one in corrections
        if one.field in ("own", "shared")
        for said in (one.was, one.now)
        for name in people_in(response.instrument, said or {})
    }
    return selectors.names_of(request.user, ids)


@requires(Capability.SEE_CHILDREN)
def pdf(request: SignedInRequest, response_id: str) -> HttpResponse:
    """The same as PDF. That it was made is written down."""
    response = _get(request, response_id)
    at, title = timezone.now(), response.instrument.title
    record_reading(
        name="questionnaire:printed", by=request.user, at=at, children=[response.child_id]
    )
    heading = f"{response.child.name}: {title}, {date_in_words(response.on)}"
    context = {
        "response": response,
        "heading": heading,
        "parts": presenters.parts_of(
            response, _names(request, [response]), alone=selectors.is_alone(response)
        ),
    }
    on_each_page = printed(heading, by=request.user, at=at)
    try:
        content = render_pdf(
            "questionnaires/printed.html", context, on_each_page=on_each_page, request=request
        )
    except CannotPrint as cannot:
        messages.error(request, str(cannot))
        return redirect("questionnaires:response", response_id=response.pk)
    return pdf_response(content, file_name=response.code.replace("_", "-"))


@requires(Capability.SEE_CHILDREN)
def compare(request: SignedInRequest, response_id: str) -> HttpResponse:
    """What was answered this time beside what was answered last time, or an earlier one."""
    response = _get(request, response_id)
    earlier = [*selectors.before(response, request.user)[:MOST_COMPARED]]
    if not earlier:
        raise Http404
    form = CompareForm(
        request.GET if "then" in request.GET else {"then": earlier[0].pk}, earlier=earlier
    )
    if not form.is_valid():
        raise Http404
    before = next(one for one in earlier if one.pk == form.cleaned_data["then"])
    context = {
        "form": form if len(earlier) > 1 else None,
        "response": response,
        "before": before,
        "instrument": response.instrument,
        "rows": presenters.beside(before, response, _names(request, [before, response])),
        "back": reverse("questionnaires:response", args=[response.pk]),
    }
    return _page(request, "compare.html", [response.child], **context)


# ---- Correcting ---------------------------------------------------------------------------------


@requires(Capability.SEE_CHILDREN)
def correct(request: SignedInRequest, response_id: str, section: str) -> HttpResponse:
    """Correct the answers of a section, with the reason."""
    response = _get(request, response_id)
    if not may_correct(request.user, response):
        raise refusal(Capability.CORRECT_RECORD)
    found = next((one for one in response.instrument.sections if one.name == section), None)
    if found is None:
        raise Http404
    page = questions_of_page(
        response.instrument, [one for one in found.questions if not one.retired], response.answers
    )
    people = _people(request, [response])
    form: AnswerForm = form_for(
        response.instrument,
        page,
        data=request.POST or None,
        answers=response.answers,
        people=people,
        mark=actions.mark_of(response.answers, page),
    )
    form.fields[BECAUSE] = deepcopy(BecauseForm.base_fields["because"])
    at, back = timezone.now(), reverse("questionnaires:response", args=[response.pk])
    differing: list[Any] = []

    def act(given: dict[str, Any]) -> str:
        with _showing_both(form, page, people, differing):
            actions.correct_answers(
                response,
                form.given,
                page,
                seen=given[MARK],
                by=request.user,
                at=at,
                because=given[BECAUSE],
            )
        for one in presenters.strayed_between(_together(request, response.occasion)):
            messages.warning(request, one)
        return back

    done = gettext("Corrected. What was said before is kept.")
    answer = answer_form(request, form, act, at=at, done=done)
    context = {
        "form": form,
        "section": found,
        "response": response,
        "differing": differing,
        "back": back,
    }
    return answer or _page(request, "correct.html", [response.child], **context)


@requires(Capability.CORRECT_RECORD)
def strike_out(request: SignedInRequest, response_id: str) -> HttpResponse:
    """Say that answers were recorded in error, with the reason."""
    response = _get(request, response_id)
    form = StrikeOutForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        because = given["because"]
        actions.strike_out_response(response, by=request.user, at=at, because=because)
        return _to_child(response.child_id)

    answer = answer_form(request, form, act, at=at, done=gettext("It has been struck out."))
    back = reverse("questionnaires:response", args=[response.pk])
    context = {"form": form, "response": response, "back": back}
    return answer or _page(request, "strike-out.html", [response.child], **context)

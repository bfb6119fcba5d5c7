"""Pages on which an authority sees what it asks, changes it, and sees what nobody answers."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.instruments import actions, presenters, selectors, shelf
from harbourlight.foundation.instruments.comparison import differences
from harbourlight.foundation.instruments.file_format import BadFile
from harbourlight.foundation.instruments.folder import file_for
from harbourlight.foundation.instruments.forms import (
    WORDS,
    AddForm,
    CompareForm,
    CountedForm,
    FileForm,
    PutInForceForm,
    WordsForm,
)
from harbourlight.foundation.instruments.groups import groups
from harbourlight.foundation.instruments.instrument import Instrument
from harbourlight.foundation.instruments.local_changes import Changes, changed
from harbourlight.foundation.instruments.models import LocalChange

COUNTED_DAYS = 365
"""How far back answers are counted when nothing is said."""


def _base(code: str, on: date | None = None) -> Instrument:
    """The instrument as it came, in force today. Raises 404."""
    base = shelf.as_it_came(code, on or timezone.localdate())
    if base is None:
        raise Http404
    return base


def _draft(code: str) -> LocalChange:
    draft = selectors.draft_of(code)
    if draft is None:
        raise Http404
    return draft


def _made(draft: LocalChange) -> tuple[Instrument, BadFile | None]:
    """The instrument a draft makes; as it came, with the errors, where the draft has any."""
    base = _base(draft.code)
    try:
        return changed(base, draft.text, gettext("The draft"), edition=0), None
    except BadFile as bad:
        return base, bad


# ---- Seeing -------------------------------------------------------------------------------------


@requires(Capability.CHANGE_INSTRUMENTS)
def all_instruments(request: SignedInRequest) -> HttpResponse:
    """Every instrument in force, with the authority's changes and what is wrong with them."""
    shown = [
        presenters.listed(one, selectors.draft_of(code))
        for code, one in selectors.in_force(timezone.localdate()).items()
    ]
    return render(request, "instruments/all.html", {"instruments": shown})


@requires(Capability.CHANGE_INSTRUMENTS)
def instrument(request: SignedInRequest, code: str) -> HttpResponse:
    """One instrument: what it asks now, its versions, and the authority's changes."""
    _base(code)
    in_force = selectors.in_force(timezone.localdate())[code]
    context = {
        "in_force": in_force,
        "instrument": in_force.instrument,
        "draft": selectors.draft_of(code),
        "changes": selectors.changes_of(code),
        "today": timezone.localdate(),
        "own_file": file_for(code),
    }
    return render(request, "instruments/instrument.html", context)


@requires(Capability.CHANGE_INSTRUMENTS)
def compare(request: SignedInRequest, code: str) -> HttpResponse:
    """Two versions of an instrument, and what differs."""
    versions = selectors.versions_of(code)
    if not versions:
        raise Http404
    keys = [*versions]
    asked = request.GET or {"then": keys[min(1, len(keys) - 1)], "now": keys[0]}
    choices = [(key, one.version_in_words.capitalize()) for key, one in versions.items()]
    form = CompareForm(asked, versions=choices)
    found = None
    if form.is_valid():
        then, now = (versions[form.cleaned_data[one]] for one in ("then", "now"))
        found = differences(then, now)
    title = versions[keys[0]].title
    context = {"form": form, "differences": found, "code": code, "instrument_title": title}
    return render(request, "instruments/compare.html", context)


@requires(Capability.CHANGE_INSTRUMENTS)
def export(request: SignedInRequest, code: str) -> HttpResponse:
    """The authority's changes as a file: the draft if there is one, or what is in force."""
    _base(code)
    held = selectors.draft_of(code) or selectors.changes_of(code).first()
    text = held.text if held else Changes.read("", code).text
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}.toml"'
    return answer


# ---- What nobody answers ------------------------------------------------------------------------


@requires(Capability.SEE_BOARD)
def answered(request: SignedInRequest) -> HttpResponse:
    """How often the questions of one instrument are asked and answered, for those with boards."""
    codes = selectors.in_force(timezone.localdate())
    code = request.GET.get("instrument", next(iter(codes), ""))
    if code not in codes:
        raise Http404
    offered = [(key, one.instrument.title) for key, one in codes.items()]
    return _answered(request, code, offered)


@requires(Capability.CHANGE_INSTRUMENTS)
def answered_of(request: SignedInRequest, code: str) -> HttpResponse:
    """The same, for those who may change the questions."""
    _base(code)
    return _answered(request, code, [])


def _answered(request: SignedInRequest, code: str, offered: list[tuple[str, str]]) -> HttpResponse:
    until = timezone.localdate()
    since = until - timedelta(days=COUNTED_DAYS)
    form = CountedForm(request.GET, groups=groups())
    if form.is_valid():
        since = form.cleaned_data["since"] or since
        until = form.cleaned_data["until"] or until
    group = form.cleaned_data.get("group", "")
    counted = selectors.counted(code, since=since, until=until, group=group)
    context = {
        "form": form,
        "code": code,
        "offered": offered,
        "instrument": _base(code),
        "counted": [presenters.counted(one, rows) for one, rows in counted.items()],
        "since": since,
        "until": until,
        "may_change": request.user.can(Capability.CHANGE_INSTRUMENTS),
    }
    return render(request, "instruments/answered.html", context)


# ---- Changing -----------------------------------------------------------------------------------


@require_POST
@requires(Capability.CHANGE_INSTRUMENTS)
def go_back(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Begin a draft that asks as earlier changes did, or as the instrument came."""
    _base(code)
    at = timezone.now()
    try:
        actions.go_back_to(code, number, by=request.user, at=at)
    except LocalChange.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("instruments:instrument", code=code)
    messages.success(request, gettext("This is a draft. Look at it, then put it in force."))
    return redirect("instruments:changes", code=code)


@require_POST
@requires(Capability.CHANGE_INSTRUMENTS)
def take_back(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Make changes whose day has not come a draft again."""
    change = selectors.changes_of(code).filter(number=number).first()
    if change is None:
        raise Http404
    try:
        actions.take_back(change, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("instruments:instrument", code=code)
    messages.success(request, gettext("They do not come into force. They are a draft again."))
    return redirect("instruments:changes", code=code)


@require_POST
@requires(Capability.CHANGE_INSTRUMENTS)
def begin(request: SignedInRequest, code: str) -> HttpResponse:
    """Begin changes, or go on with those begun; with `folder`, from the authority's own file."""
    _base(code)
    at = timezone.now()
    draft = actions.begin_change(code, by=request.user, at=at)
    if "folder" in request.POST:
        own = file_for(code)
        if own is None:
            raise Http404
        actions.write_change(draft, own.text, revision=draft.revision, by=request.user, at=at)
        messages.success(request, gettext("The file has been read in. It is a draft."))
    return redirect("instruments:changes", code=code)


@requires(Capability.CHANGE_INSTRUMENTS)
def changes(request: SignedInRequest, code: str) -> HttpResponse:
    """The draft, question by question."""
    draft = _draft(code)
    made, bad = _made(draft)
    base = _base(code)
    context = {
        "draft": draft,
        "instrument": made,
        "sections": presenters.draft_sections(base, made),
        "faults": bad.faults if bad else (),
        "differences": differences(selectors.in_force(timezone.localdate())[code].instrument, made),
    }
    return render(request, "instruments/changes.html", context)


def _write(
    request: SignedInRequest, draft: LocalChange, alter: Callable[[Changes], None], revision: str
) -> str:
    """Alter a draft and save it, if what it makes is right. Returns the address to go to.

    Raises `Refused` where it would not be, or somebody else changed it.
    """
    held = Changes.read(draft.text, draft.code)
    alter(held)
    try:
        changed(_base(draft.code), held.text, gettext("The draft"), edition=0)
    except BadFile as bad:
        raise Refused(bad.faults[0].says) from None
    at = timezone.now()
    number = int(revision) if revision.isascii() and revision.isdecimal() else 0
    actions.write_change(draft, held.text, revision=number, by=request.user, at=at)
    return reverse("instruments:changes", args=[draft.code])


@requires(Capability.CHANGE_INSTRUMENTS)
def question(request: SignedInRequest, code: str, question_name: str) -> HttpResponse:
    """Change the words of one question, or ask it no more."""
    draft = _draft(code)
    made, _ = _made(draft)
    shown = {one.name: one for one in made.all_questions()}.get(question_name)
    as_it_came = {one.name: one for one in _base(code).all_questions()}.get(question_name)
    if shown is None:
        raise Http404
    form = WordsForm(
        request.POST or None,
        initial={one: getattr(shown, one) for one in WORDS}
        | {"retired": shown.retired, "revision": str(draft.revision)},
    )
    if shown.is_needed:
        del form.fields["retired"]
    elif as_it_came is None:
        form.fields["retired"].label = gettext("Take this question of ours away")

    def alter(held: Changes) -> None:
        retired = form.cleaned_data.get("retired", False)
        if as_it_came is not None:
            held.reword(as_it_came, form.words, retired=retired)
        elif retired:
            held.remove(question_name)
        else:
            held.rename(question_name, form.words)

    answer = answer_form(
        request,
        form,
        lambda given: _write(request, draft, alter, given["revision"]),
        at=timezone.now(),
        done=gettext("The draft has been changed."),
    )
    context = {
        "form": form,
        "question": shown,
        "as_it_came": as_it_came,
        "only_if": made.condition_in_words(shown),
        "back": reverse("instruments:changes", args=[code]),
    }
    return answer or render(request, "instruments/question.html", context)


def _names_ever(code: str, draft: Instrument) -> set[str]:
    """The name of every question there has been of an instrument, and of those of its draft."""
    every = [draft, *selectors.versions_of(code).values()]
    return {question.name for one in every for question in one.all_questions()}


@requires(Capability.CHANGE_INSTRUMENTS)
def add_question(request: SignedInRequest, code: str, section: str) -> HttpResponse:
    """Add a question of the authority's own to a section."""
    draft = _draft(code)
    made, _ = _made(draft)
    there = next((one for one in made.sections if one.name == section), None)
    if there is None:
        raise Http404
    form = AddForm(
        request.POST or None,
        instrument=made,
        section=section,
        taken=_names_ever(code, made),
        initial={"revision": str(draft.revision), "about": "each"},
    )

    def alter(held: Changes) -> None:
        held.add(form.question, section=section, after=form.cleaned_data["after"])

    answer = answer_form(
        request,
        form,
        lambda given: _write(request, draft, alter, given["revision"]),
        at=timezone.now(),
        done=gettext("The question has been added to the draft."),
    )
    back = reverse("instruments:changes", args=[code])
    return answer or render(
        request, "instruments/add.html", {"form": form, "section": there, "back": back}
    )


@require_POST
@requires(Capability.CHANGE_INSTRUMENTS)
def move(request: SignedInRequest, code: str, question_name: str) -> HttpResponse:
    """Move a question one place up or down in its section."""
    draft = _draft(code)
    made, _ = _made(draft)
    section = next(
        (one for one in made.sections if any(each.name == question_name for each in one.questions)),
        None,
    )
    if section is None:
        raise Http404
    try:
        _write(
            request,
            draft,
            lambda held: held.move(section, question_name, up="up" in request.POST),
            request.POST.get("revision", ""),
        )
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(f"{reverse('instruments:changes', args=[code])}#question-{question_name}")


@requires(Capability.CHANGE_INSTRUMENTS)
def changes_file(request: SignedInRequest, code: str) -> HttpResponse:
    """The draft as a file: to bring in another's, or to write what the pages do not offer."""
    draft = _draft(code)
    form = FileForm(
        request.POST or None, initial={"text": draft.text, "revision": str(draft.revision)}
    )
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        revision = given["revision"]
        number = int(revision) if revision.isascii() and revision.isdecimal() else 0
        actions.write_change(draft, given["text"] + "\n", revision=number, by=request.user, at=at)
        return reverse("instruments:changes_file", args=[code])

    answer = answer_form(request, form, act, at=at, done=gettext("The draft has been saved."))
    _, bad = _made(draft)
    context = {
        "form": form,
        "code": code,
        "faults": bad.faults if bad else (),
        "back": reverse("instruments:changes", args=[code]),
    }
    return answer or render(request, "instruments/file.html", context)


@requires(Capability.CHANGE_INSTRUMENTS)
def preview(request: SignedInRequest, code: str) -> HttpResponse:
    """The draft as it would be put to people."""
    made, bad = _made(_draft(code))
    context = {"instrument": made, "faults": bad.faults if bad else (), "code": code}
    return render(request, "instruments/preview.html", context)


@requires(Capability.CHANGE_INSTRUMENTS)
def put_in_force(request: SignedInRequest, code: str) -> HttpResponse:
    """Put the draft in force from a day."""
    draft = _draft(code)
    made, bad = _made(draft)
    form = PutInForceForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        actions.put_in_force(draft, on=given["on"], by=request.user, at=at)
        return reverse("instruments:instrument", args=[code])

    answer = answer_form(request, form, act, at=at, done=gettext("The changes are put in force."))
    now = selectors.in_force(timezone.localdate())[code].instrument
    context = {
        "form": form,
        "instrument": made,
        "faults": bad.faults if bad else (),
        "differences": differences(now, made),
        "back": reverse("instruments:changes", args=[code]),
    }
    return answer or render(request, "instruments/put-in-force.html", context)


@requires(Capability.CHANGE_INSTRUMENTS)
def throw_away(request: SignedInRequest, code: str) -> HttpResponse:
    """Ask whether to throw the draft away, and do it."""
    draft = _draft(code)
    if request.method == "POST":
        actions.throw_away_change(draft, by=request.user, at=timezone.now())
        messages.success(request, gettext("The draft has been thrown away."))
        return redirect("instruments:instrument", code=code)
    cancel = reverse("instruments:changes", args=[code])
    return render(request, "instruments/throw-away.html", {"draft": draft, "cancel": cancel})

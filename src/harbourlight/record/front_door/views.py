"""Pages of the front door: the queue, a contact, and the decision on it."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.forms import StrikeOutForm
from harbourlight.foundation.history.models import Correction, record_reading
from harbourlight.foundation.submissions.models import act_once
from harbourlight.record.front_door import actions, presenters
from harbourlight.record.front_door.forms import (
    CorrectContactForm,
    DecideForChildForm,
    DecideTogetherForm,
    RecordContactForm,
)
from harbourlight.record.front_door.models import Contact, ContactChild, Decision
from harbourlight.record.front_door.selectors import (
    decisions_on,
    lines_visible_to,
    undecided,
    visible_to,
)
from harbourlight.record.live_ledger.selectors import london_time
from harbourlight.record.people import selectors as people
from harbourlight.record.people.models import Person
from harbourlight.record.workforce.models import Professional, Team
from harbourlight.ui.listing import list_page

RECEIVED = ("received_at", "source_code", "agency", "contact_person", "what_was_said")
RECENT = timedelta(days=7)
YEAR = timedelta(days=365)
A_PAGE = 25


def _read(request: SignedInRequest, name: str, children: list[str], at: datetime) -> None:
    record_reading(name=name, by=request.user, at=at, children=children)


def _address(contact: Contact) -> str:
    return reverse("front_door:contact", args=[contact.pk])


@requires(Capability.SEE_CHILDREN)
def see_queue(request: SignedInRequest) -> HttpResponse:
    """Contacts waiting for a decision, and those decided lately."""
    at = timezone.now()
    lines = list(undecided(request.user))
    waiting = presenters.queue(request.user, lines, london_time(at))
    listing = list_page(request, waiting, one="contact", per_page=A_PAGE)
    decided = (
        lines_visible_to(request.user)
        .filter(decided=True, contact__received_at__gte=at - RECENT)
        .order_by("-contact__received_at", "id")[:A_PAGE]
    )
    shown = [child.pk for one in listing.items for child in one.children]
    _read(request, "contact:queue", shown + [line.child_id for line in decided], at)
    context = {"listing": listing, "decided": decided}
    return render(request, "front_door/queue.html", context)


@requires(Capability.RECORD_CONTACT)
def record(request: SignedInRequest) -> HttpResponse:
    """Record a contact about a child already found, and any of the family."""
    at = timezone.now()
    asked = people.visible_to(request.user).filter(
        pk=request.GET.get("child"), held_as=Person.HeldAs.CHILD
    )
    child = asked.first()
    if child is None:
        messages.info(request, "Find the child first, or add them. Then record the contact.")
        return redirect("people:search")
    family = [
        child,
        *(
            member.person
            for member in people.family_of(child)
            if member.person.held_as == Person.HeldAs.CHILD
        ),
    ]
    form = RecordContactForm(
        request.POST or None, family=family, initial={"children": [child.pk], "received_at": at}
    )

    def act(given: dict[str, Any]) -> str:
        chosen = [one for one in family if one.pk in given["children"]]
        received = actions.Received(**{name: given[name] for name in RECEIVED})
        return _address(
            actions.record_contact(by=request.user, at=at, received=received, children=chosen)
        )

    answer = answer_form(request, form, act, at=at, done="The contact has been recorded.")
    if answer:
        return answer
    _read(request, "contact:record", [one.pk for one in family], at)
    back = reverse("people:child", args=[child.pk])
    return render(request, "front_door/record.html", {"form": form, "child": child, "back": back})


def _get(request: SignedInRequest, contact_id: str) -> tuple[Contact, list[Any]]:
    """The contact, and its children in the order they were recorded."""
    found = visible_to(request.user).select_related("recorded_by")
    contact = get_object_or_404(found, pk=contact_id)
    return contact, list(lines_visible_to(request.user).filter(contact=contact).order_by("id"))


def _page(
    request: SignedInRequest, template: str, contact: Contact, at: datetime, **context: object
) -> HttpResponse:
    children = ContactChild.objects.standing().filter(contact=contact)
    _read(request, "contact:page", list(children.values_list("child_id", flat=True)), at)
    context = {
        "contact": contact,
        "source": presenters.source_words(contact, timezone.localdate(contact.received_at)),
        "back": _address(contact),
        **context,
    }
    return render(request, f"front_door/{template}", context)


@requires(Capability.SEE_CHILDREN)
def see(request: SignedInRequest, contact_id: str) -> HttpResponse:
    """One contact: what was said, whom it is about, and what was decided."""
    contact, lines = _get(request, contact_id)
    return _page(
        request,
        "contact.html",
        contact,
        timezone.now(),
        children=presenters.children_of(lines),
        corrections=Correction.objects.filter(
            row_kind=contact._meta.label_lower, row_id=contact.pk
        ).select_related("by"),
        may_decide=request.user.can(Capability.DECIDE_CONTACT),
        may_correct=request.user.can(Capability.CORRECT_RECORD),
        waiting=any(not line.decided for line in lines),
    )


@requires(Capability.DECIDE_CONTACT)
def decide(request: SignedInRequest, contact_id: str) -> HttpResponse:
    """Decide a contact for each child it is about."""
    contact, lines = _get(request, contact_id)
    at = timezone.now()
    known = _known(lines)
    together = DecideTogetherForm(request.POST or None, initial={"known": known})
    each = [DecideForChildForm(request.POST or None, prefix=line.pk) for line in lines]
    if request.method == "POST" and all([together.is_valid(), *(form.is_valid() for form in each)]):
        if together.cleaned_data["known"] != known:
            together.know(known)
        elif address := _decide(request, contact, lines, together, each, at):
            messages.success(request, "Your decision has been recorded.")
            return redirect(address)
    children = presenters.to_decide(lines, each, on=timezone.localdate(at), since=at - YEAR)
    return _page(request, "decide.html", contact, at, form=together, forms=each, children=children)


def _known(lines: list[ContactChild]) -> str:
    """Which decisions stand, so that a page opened before another was made can be told."""
    made = decisions_on(Decision.About.CONTACT, [line.pk for line in lines])
    return ",".join(sorted(one.pk for found in made.values() for one in found))


def _decide(
    request: SignedInRequest,
    contact: Contact,
    lines: list[ContactChild],
    together: DecideTogetherForm,
    each: list[DecideForChildForm],
    at: datetime,
) -> str | None:
    """Act on the forms, once; the address to go to, or None with the refusal on the form."""
    shared = together.cleaned_data["shared_reasons"].strip()

    def act() -> str:
        decisions = [
            _for_child(line, form.cleaned_data, shared)
            for line, form in zip(lines, each, strict=True)
        ]
        actions.decide_contact(by=request.user, at=at, decisions=decisions)
        return _address(contact)

    try:
        return act_once(together.cleaned_data["submission"], by=request.user, at=at, act=act)
    except Refused as refused:
        together.add_error(None, refused.message)
        return None


def _for_child(line: ContactChild, given: dict[str, Any], shared: str) -> actions.ForChild:
    """What was decided for one child: the shared reasons, then their own."""
    own = given["reasons"].strip()
    return actions.ForChild(
        line=line,
        level=given["level"],
        outcome=given["outcome"],
        reasons="\n\n".join(part for part in (shared, own) if part),
        primary_need=given["primary_need"] or "",
        team=Team.objects.filter(pk=given["team"] or None).first(),
        worker=Professional.objects.filter(pk=given["worker"] or None).first(),
    )


@requires(Capability.CORRECT_RECORD)
def correct(request: SignedInRequest, contact_id: str) -> HttpResponse:
    """Correct what was recorded of a contact, with the reason."""
    contact, _ = _get(request, contact_id)
    held = {name: getattr(contact, name) for name in RECEIVED}
    form = CorrectContactForm(request.POST or None, initial=held)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        changes = {name: given[name] for name in RECEIVED}
        because = given["because"]
        actions.correct_contact(contact, changes, by=request.user, at=at, because=because)
        return _address(contact)

    done = "Corrected. What was believed before is kept."
    answer = answer_form(request, form, act, at=at, done=done)
    return answer or _page(request, "correct.html", contact, at, form=form)


@requires(Capability.CORRECT_RECORD)
def strike_out(request: SignedInRequest, contact_id: str) -> HttpResponse:
    """Say that a contact was recorded in error, with the reason."""
    contact, _ = _get(request, contact_id)
    form = StrikeOutForm(request.POST or None)
    at = timezone.now()

    def act(given: dict[str, Any]) -> str:
        because = given["because"]
        actions.strike_out_contact(contact, by=request.user, at=at, because=because)
        return reverse("front_door:queue")

    answer = answer_form(request, form, act, at=at, done="The contact has been struck out.")
    return answer or _page(request, "strike-out.html", contact, at, form=form)

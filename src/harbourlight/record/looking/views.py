"""Who has looked at a record, its openings, and the list of unusual access with its decisions."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.documents.printing import (
    CannotPrint,
    pdf_response,
    printed,
    render_pdf,
)
from harbourlight.foundation.history.models import record_reading
from harbourlight.record.confidentiality.models import OpeningReview
from harbourlight.record.confidentiality.policy import known
from harbourlight.record.confidentiality.selectors import openings_visible_to
from harbourlight.record.looking import actions, presenters, selectors
from harbourlight.record.looking.forms import WAITING, ReviewForm, UnusualForm, WhoForm
from harbourlight.record.looking.models import UnusualAccess
from harbourlight.record.looking.words import page_in_words
from harbourlight.record.people.identity import identity_bar
from harbourlight.record.people.models import Person
from harbourlight.record.people.selectors import visible_to
from harbourlight.ui.formats import date_in_words
from harbourlight.ui.listing import address_with, list_page


def _person(request: SignedInRequest, person_id: str, reading: str) -> Person:
    """The person, of those this one may know of; that they were shown is written down."""
    person = get_object_or_404(visible_to(request.user), pk=person_id)
    record_reading(name=reading, by=request.user, at=timezone.now(), children=[person.pk])
    return person


# ---- Who has looked at a record -----------------------------------------------------------------


def _who_form(request: SignedInRequest, everything: Any) -> WhoForm:
    readers = everything.order_by().exclude(by=None).values_list("by_id", "by__full_name")
    pages = everything.order_by().values_list("name", flat=True).distinct()
    return WhoForm(
        request.GET,
        readers=sorted(readers.distinct(), key=lambda one: one[1]),
        pages=sorted(((name, page_in_words(name)) for name in pages), key=lambda one: one[1]),
    )


def _chosen(request: SignedInRequest, form: WhoForm | UnusualForm) -> list[dict[str, str]]:
    """What the list is narrowed by, each with the address without it."""
    chosen = []
    asked: dict[str, Any] = {**form.asked}
    for name, value in asked.items():
        if name in ("since", "until"):
            word = _("From") if name == "since" else _("To")
            parts = {f"{name}-{part}": None for part in ("day", "month", "year")}
            text, href = f"{word} {date_in_words(value)}", address_with(request, **parts, page=None)
        else:
            text = str(dict(form.fields[name].choices).get(value, value))
            href = address_with(request, **{name: None})
        chosen.append({"text": text, "href": href})
    return chosen


@requires(Capability.SEE_WHO_LOOKED)
def who(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Everybody who was shown a person's record: who, when, and which page."""
    person = _person(request, person_id, "looking:who")
    everything = selectors.readings_of(request.user, person)
    form = _who_form(request, everything)
    found = selectors.narrowed(everything, **form.asked)
    listing = list_page(request, found, one=_("time"), many=_("times"))
    context = {
        "person": person,
        "identity": identity_bar(person, on=timezone.localdate()),
        "listing": listing,
        "lines": [presenters.line_of(one) for one in listing.items],
        "readers": [
            presenters.reader_of(row, address_with(request, reader=row["by_id"]))
            for row in selectors.by_reader(found)
        ],
        "filter": form,
        "chosen": _chosen(request, form),
        "clear": request.path,
        "pdf": f"{reverse('looking:pdf', args=[person.pk])}?{request.GET.urlencode()}",
        "openings": reverse("looking:openings", args=[person.pk])
        if request.user.can(Capability.REVIEW_OPENINGS)
        else "",
    }
    return render(request, "looking/who.html", context)


@requires(Capability.SEE_WHO_LOOKED)
def pdf(request: SignedInRequest, person_id: str) -> HttpResponse:
    """The same, all of it, as PDF. That it was made is written down."""
    person = _person(request, person_id, "looking:who-printed")
    everything = selectors.readings_of(request.user, person)
    form = _who_form(request, everything)
    found = selectors.narrowed(everything, **form.asked)
    heading = _("Who has looked at the record of {name}").format(name=person.name)
    context = {
        "heading": heading,
        "lines": [presenters.line_of(one) for one in found],
        "narrowed": [one["text"] for one in _chosen(request, form)],
    }
    on_each_page = printed(heading, by=request.user, at=timezone.now())
    try:
        content = render_pdf(
            "looking/printed.html", context, on_each_page=on_each_page, request=request
        )
    except CannotPrint as error:
        messages.warning(request, str(error))
        return redirect("looking:who", person_id=person_id)
    return pdf_response(content, file_name="who-has-looked")


@requires(Capability.REVIEW_OPENINGS)
def openings(request: SignedInRequest, person_id: str) -> HttpResponse:
    """Each time a person's record was opened with a reason, and what was made of it."""
    person = _person(request, person_id, "looking:openings")
    reviews = Prefetch("reviews", OpeningReview.objects.standing())
    found = openings_visible_to(request.user).filter(person=person).prefetch_related(reviews)
    listing = list_page(request, found, one=_("opening"))
    context = {
        "person": person,
        "identity": identity_bar(person, on=timezone.localdate()),
        "listing": listing,
        "lines": [presenters.opened_of(one) for one in listing.items],
    }
    return render(request, "looking/openings.html", context)


# ---- Unusual access -----------------------------------------------------------------------------


@requires(Capability.SEE_WHO_LOOKED)
def unusual(request: SignedInRequest) -> HttpResponse:
    """What was found to be unusual, the latest first: at first what nothing was decided about."""
    everything = selectors.unusual_visible_to(request.user)
    given = request.GET.copy()
    given.setdefault("decision", WAITING)
    readers = User.objects.filter(
        pk__in=UnusualAccess.objects.order_by().values("user_id")
    ).values_list("pk", "full_name")
    form = UnusualForm(given, readers=[*readers])
    asked = form.asked
    wanted = Q()
    if "decision" in asked:
        waits = asked["decision"] == WAITING
        wanted &= Q(decision=None) if waits else Q(decision=asked["decision"])
    if "rule" in asked:
        wanted &= Q(rule=asked["rule"])
    if "reader" in asked:
        wanted &= Q(user_id=asked["reader"])
    listing = list_page(request, everything.filter(wanted), one=_("finding"))
    shown = {one.person_id for one in listing.items if one.person_id}
    if shown:
        now = timezone.now()
        record_reading(name="looking:unusual", by=request.user, at=now, children=shown)
    context = {
        "listing": listing,
        "lines": [presenters.unusual_of(one) for one in listing.items],
        "filter": form,
        "clear": f"{request.path}?decision=",
        "is_narrowed": [*asked.items()] != [("decision", WAITING)],
    }
    return render(request, "looking/unusual.html", context)


@requires(Capability.SEE_WHO_LOOKED)
def access(request: SignedInRequest, access_id: str) -> HttpResponse:
    """One finding: why it is unusual, the readings behind it, and what is decided about it."""
    found = get_object_or_404(selectors.unusual_visible_to(request.user), pk=access_id)
    reviews, at = [*selectors.reviews_of(found)], timezone.now()
    last = reviews[0].pk if reviews else ""
    form = ReviewForm(request.POST or None, initial={"after": last})

    def act(given: dict[str, Any]) -> str:
        actions.review(
            found,
            by=request.user,
            at=at,
            decision=given["decision"],
            words=given["words"],
            after=given["after"],
        )
        return reverse("looking:unusual")

    answer = answer_form(request, form, act, at=at, done=_("Your decision has been kept."))
    if answer:
        return answer
    if form.is_bound:
        form.carry("after", last)
    listing = list_page(request, selectors.readings_behind(found), one=_("time"), many=_("times"))
    people = {one for line in listing.items for one in line.children if one in found.children}
    named = known(request.user, Person.objects.filter(pk__in=people), "pk")
    names = {one.pk: one.name for one in named}
    if names:
        record_reading(name="looking:access", by=request.user, at=at, children=names)
    context = {
        "access": presenters.unusual_of(found),
        "rule": presenters.rule_of(found),
        "listing": listing,
        "lines": [presenters.behind_of(one, found, names) for one in listing.items],
        "reviews": reviews,
        "form": form,
        "is_own": found.user_id == request.user.pk,
        "back": reverse("looking:unusual"),
    }
    return render(request, "looking/access.html", context)

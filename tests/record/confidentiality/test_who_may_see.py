"""Who may see whose record: in pages, lists and counts, and in PostgreSQL by itself."""

import re
import statistics
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from harbourlight.foundation.access import Capability, requires
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.history.models import Event
from harbourlight.foundation.notices.models import Notice
from harbourlight.record.assessment.models import Assessment
from harbourlight.record.confidentiality import actions, policy, row_security
from harbourlight.record.confidentiality.models import Grant, Opening
from harbourlight.record.confidentiality.policy import Shown
from harbourlight.record.front_door.models import Contact, ContactChild
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.people.models import FamilyMember, Person
from harbourlight.server.postgres import APP
from harbourlight.settings import RECORD_APPS
from tests.record.confidentiality.classes import NOW, SECRET, moment

pytestmark = pytest.mark.django_db

W, O, N = Shown.WHOLE, Shown.OUTLINE, Shown.NOTHING  # noqa: E741 - a table's letters

DECIDED = {
    # who:                     mine teams sibling other hidden granted
    "Sol West": (W, W, W, O, N, O),
    "Una East": (W, W, W, O, N, N),
    "Tam Over": (W, W, W, O, N, N),
    "Ned North": (O, O, W, W, W, W),
    "Fay Door": (W, W, W, W, N, N),
    "Mo Gate": (W, W, W, W, N, N),
    "Pat Figg": (W, W, W, W, N, N),
    "Inspector": (W, W, W, W, N, N),
    "Records Officer": (W, W, W, W, W, W),
    "Ada Min": (N, N, N, N, N, N),
}
CLASSES = ("mine", "teams", "sibling", "other", "hidden", "granted")


@pytest.mark.parametrize("who", DECIDED)
def test_each_persons_sight_of_each_class_is_as_decided(who, service, at_now) -> None:
    seen = tuple(policy.shown_to(service.users[who], service.people[of].pk) for of in CLASSES)
    expected = list(DECIDED[who])
    if who == "Ned North":  # he works with the hidden child, whose family are Mira and her sibling
        expected[0] = W
    assert seen == tuple(expected)


# ---- A filter that was forgotten ----------------------------------------------------------------


@requires(Capability.SEE_CHILDREN)
def forgets(request: HttpRequest) -> HttpResponse:
    """A view whose author forgot every filter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user = current_user")
        (role, _) = cursor.fetchone()
    shown = {
        "people": [*Person.objects.values_list("pk", flat=True)],
        "assessments": [*Assessment.objects.values_list("child_id", flat=True)],
        "lines": [*ContactChild.objects.values_list("child_id", flat=True)],
        "contacts": [*Contact.objects.values_list("pk", flat=True)],
        "entries": [*Entry.objects.values_list("child_id", flat=True)],
        "members": [*FamilyMember.objects.values_list("person_id", flat=True)],
        "role": role,
    }
    forgets.shown = shown  # type: ignore[attr-defined]  # for the test that asked
    return HttpResponse("done")


urlpatterns = [
    path("forgets/", forgets),
    path("", include("harbourlight.urls")),
]


@pytest.fixture
def forgotten(ask) -> Any:
    def asked(who: str) -> dict[str, Any]:
        with override_settings(ROOT_URLCONF=__name__):
            assert ask(who, "/forgets/").status_code == 200
        return forgets.shown

    return asked


ABOUT = ("people", "assessments", "lines", "entries", "members")


def test_a_view_that_forgets_its_filter_shows_nothing_hidden(service, forgotten, assured) -> None:
    hidden = service.people["hidden"].pk
    found = 0
    for who in ("Fay Door", "Pat Figg", "Sol West", "Tam Over", "Inspector"):
        shown = forgotten(who)
        for kind in ABOUT:
            assert shown[kind], (who, kind)
            found += shown[kind].count(hidden)
        assert service.thing("hidden", "contact_id") not in shown["contacts"]
        assert service.thing("hidden", "shared_contact") not in shown["contacts"]
        if who in ("Sol West", "Tam Over"):
            assert service.people["other"].pk in shown["people"], "an outline"
            assert service.people["other"].pk not in shown["assessments"]
            assert service.people["other"].pk not in shown["lines"]
    assert found == 0
    assert hidden in forgotten("Records Officer")["people"]
    assert hidden in forgotten("Ned North")["assessments"]
    assured(
        "forgotten-filter",
        f"views with no filter, 5 people, {len(ABOUT) + 1} tables: 0 hidden rows shown",
    )


def test_a_request_is_served_by_a_role_that_row_security_binds(forgotten) -> None:
    assert forgotten("Fay Door")["role"] == APP
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, "
            "(SELECT count(*) FROM pg_class WHERE relowner = r.oid) "
            "FROM pg_roles r WHERE rolname = %s",
            [APP],
        )
        assert cursor.fetchone() == (False, False, 0)
        cursor.execute("SELECT has_schema_privilege(%s, 'dataset', 'USAGE')", [APP])
        assert cursor.fetchone() == (False,)


def test_without_an_identity_nothing_is_seen(service) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT set_config('role', '{APP}', true)")
    try:
        for rule in row_security.rules():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {rule.table}")
                assert cursor.fetchone() == (0,), rule.table
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', 'none', true)")


def test_every_table_about_a_person_has_a_policy(db, assured) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE relrowsecurity AND relforcerowsecurity GROUP BY 1 HAVING count(*) = 2"
        )
        held = {name for (name,) in cursor.fetchall()}
    lacking = []
    for model in apps.get_models(include_auto_created=True):
        if apps.get_app_config(model._meta.app_label).name not in RECORD_APPS:
            continue
        columns = {field.column for field in model._meta.local_fields}
        tells = {"person_id", "child_id"} & columns or model is Person
        tells = tells or any(field.related_model is Person for field in model._meta.local_fields)
        if tells and model._meta.db_table not in held:
            lacking.append(model._meta.db_table)
    assert lacking == []
    assert held == {rule.table for rule in row_security.rules()}
    assured("row-security", f"{len(held)} tables under policy, 0 about a person without one")


# ---- A restricted record leaves no trace --------------------------------------------------------

PAGES = (
    "people:child",
    "people:family",
    "people:details",
    "people:standards",
    "chronology:page",
    "chronology:pdf",
    "documents:list",
    "documents:summary",
    "confidentiality:outline",
)


@pytest.mark.parametrize("who", ["Fay Door", "Pat Figg", "Sol West", "Tam Over", "Inspector"])
def test_a_restricted_record_answers_as_one_that_is_not_there(
    who, service, ask, assured, long_form
) -> None:
    hidden = service.people["hidden"].pk
    addresses = [reverse(name, args=["{}"]) for name in PAGES]
    pairs = [(one.format(hidden), one.format("0" * len(hidden))) for one in
             (address.replace("%7B%7D", "{}") for address in addresses)]  # fmt: skip
    for name, key in (
        ("episodes:episode", "episode_id"),
        ("assessment:assessment", "assessment_id"),
        ("front_door:contact", "contact_id"),
        ("front_door:contact", "shared_contact"),
        ("front_door:line", "line_id"),
        ("documents:document", "document_id"),
        ("documents:open", "version_id"),
        ("questionnaires:response", "response_id"),
        ("questionnaires:pdf", "response_id"),
        ("confidentiality:opening", "opening_id"),
    ):
        held = service.thing("hidden", key)
        pairs.append((reverse(name, args=[held]), reverse(name, args=["0" * len(held)])))
    slower = []
    repeats = 1 if who != "Fay Door" else 11 if long_form else 3
    for there, not_there in pairs:
        times: dict[str, list[float]] = {there: [], not_there: []}
        for _ in range(repeats):
            answers = {}
            for address in (there, not_there):
                began = time.perf_counter()
                answers[address] = ask(who, address)
                times[address].append(time.perf_counter() - began)
        assert answers[there].status_code == answers[not_there].status_code == 404
        assert _plain(answers[there]) == _plain(answers[not_there])
        slower.append(statistics.median(times[there]) / statistics.median(times[not_there]))
    if repeats == 1:
        return
    assert 0.5 < statistics.median(slower) < 1.5
    assured(
        "restricted-is-nobody",
        f"{len(pairs)} addresses: same status and page, "
        f"{statistics.median(slower):.2f} times as long",
    )


def _plain(answer: Any) -> str:
    """A page without what differs between any two: its tokens and nonces."""
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", answer.content.decode())
    return page


SIDE_DOORS = (
    ("my work", "pages:my_work"),
    ("contacts", "front_door:queue"),
    ("team", "pages:team"),
    ("board entries", "pages:board_unmet"),
    ("a siblings page", "people:child"),
    ("a siblings family", "people:family"),
)


@pytest.mark.parametrize("who", ["Mo Gate", "Tam Over", "Pat Figg", "Sol West"])
def test_no_side_door_names_a_restricted_child(who, service, ask) -> None:
    mine = service.people["mine"].pk
    asked = 0
    for _, name in SIDE_DOORS:
        args = {"pages:board_unmet": ["ASM-45"]}.get(name, [mine] if "people:" in name else [])
        answer = ask(who, reverse(name, args=args))
        if answer.status_code == 403:
            continue
        asked += 1
        page = answer.content.decode()
        assert SECRET not in page, (who, name)
        assert service.people["hidden"].pk not in page, (who, name)
    found = ask(who, reverse("people:search"), {"name": f"Hidden {SECRET}"}, follow=True)
    assert service.people["hidden"].pk not in found.content.decode()
    assert "Nobody on the record is like this" in found.content.decode()
    assert asked >= 3


def test_a_count_leaves_a_restricted_child_out(service, ask) -> None:
    def count() -> str:
        page = ask("Pat Figg", reverse("pages:board_unmet", args=["ASM-45"])).content.decode()
        return re.search(r"(\d+) entr", page)[1]

    before = int(count())
    held = service.people["hidden"].restrictions.get()
    actions.lift(held, by=service.users["Records Officer"], at=NOW, because="No longer needed.")
    assert int(count()) > before


# ---- What changes takes effect at the next request ----------------------------------------------


def test_a_grant_that_ends_ends_at_the_next_request(service, ask) -> None:
    page = reverse("people:child", args=[service.people["granted"].pk])
    assert ask("Sol West", page).status_code == 302  # to the outline: known of, not worked with
    granted = Grant.objects.get(pk=service.thing("granted", "grant_id"))
    actions.end_grant(granted, by=service.users["Records Officer"], at=NOW)
    assert ask("Sol West", page).status_code == 404


def test_a_restriction_takes_effect_at_the_next_request(service, ask) -> None:
    page = reverse("people:child", args=[service.people["other"].pk])
    assert ask("Fay Door", page).status_code == 200
    officer = service.users["Records Officer"]
    actions.restrict(service.people["other"], by=officer, at=NOW, because="Adoption is planned.")
    assert ask("Fay Door", page).status_code == 404
    assert ask("Ned North", page).status_code == 200, "he works with the child"


def test_an_account_made_inactive_is_out_at_the_next_request(service, ask) -> None:
    page = reverse("people:child", args=[service.people["mine"].pk])
    assert ask("Una East", page).status_code == 200
    from harbourlight.foundation.accounts.actions import deactivate

    deactivate(service.users["Una East"], by=service.users["Ada Min"], at=NOW)
    assert ask("Una East", page).status_code == 302
    assert ask("Una East", page).url.startswith("/sign-in/")


# ---- Opening a record with a reason -------------------------------------------------------------

REASON = "The school rang: she has not been collected and nobody answers."


def test_a_record_opened_with_a_reason_is_whole_for_fifteen_minutes(service, ask) -> None:
    child = service.people["other"]
    page = reverse("people:child", args=[child.pk])
    outline = reverse("confidentiality:outline", args=[child.pk])
    led = ask("Sol West", page)
    assert (led.status_code, led.url) == (302, outline)
    shown = ask("Sol West", outline).content.decode()
    assert "Ned North" in shown
    assert "Open this record" in shown
    sent = {"because": "Because", "submission": "one"}
    assert (
        "at least 20 characters"
        in ask("Sol West", reverse("confidentiality:open", args=[child.pk]), sent).content.decode()
    )
    form = ask("Sol West", reverse("confidentiality:open", args=[child.pk])).content.decode()
    key = re.search(r'name="submission"[^>]*value="([^"]*)"', form)[1]
    done = ask(
        "Sol West",
        reverse("confidentiality:open", args=[child.pk]),
        {"because": REASON, "submission": key},
    )
    assert (done.status_code, done.url) == (302, page)
    whole = ask("Sol West", page)
    assert whole.status_code == 200
    minutes_left = {0: "15 minutes left", 5: "10 minutes left", 14: "1 minute left"}
    for later, left in minutes_left.items():
        with time_machine.travel(moment(minutes=later), tick=False):
            for name in ("people:child", "chronology:page", "documents:list"):
                shown = ask("Sol West", reverse(name, args=[child.pk])).content.decode()
                assert "Open to you until" in shown, name
                assert left in shown, name
    written = reverse("assessment:assessment", args=[service.thing("other", "assessment_id")])
    assert ask("Sol West", written).status_code == 200
    with time_machine.travel(moment(minutes=16), tick=False):
        assert ask("Sol West", page).status_code == 302


def test_whoever_holds_the_case_and_their_manager_are_told_and_it_is_reviewed(service, ask) -> None:
    opening = actions.open_record(
        service.people["other"], by=service.users["Sol West"], at=NOW, because=REASON
    )
    told = {user.full_name for user in actions.told_of(opening)}
    assert {"Ned North", "Lou Lamp"} <= told
    page = reverse("confidentiality:opening", args=[opening.pk])
    assert REASON.partition(":")[0] in ask("Ned North", page).content.decode()
    assert ask("Una East", page).status_code == 404
    listed = ask("Lou Lamp", reverse("confidentiality:openings")).content.decode()
    assert page in listed
    with time_machine.travel(moment(days=5), tick=False):
        later = Client()
        later.force_login(service.users["Lou Lamp"])
        late = later.get(reverse("confidentiality:openings")).content.decode()
    assert "Review late" in late
    assert ask("Ned North", page, {"found": "in_order", "words": "Mine."}).status_code == 403
    with pytest.raises(Refused):
        actions.review_opening(
            opening, by=service.users["Sol West"], at=NOW, found="in_order", words="Fine."
        )
    actions.review_opening(
        opening, by=service.users["Lou Lamp"], at=NOW, found="in_order", words="The call is there."
    )
    waiting, _, reviewed = (
        ask("Lou Lamp", reverse("confidentiality:openings"))
        .content.decode()
        .partition("Reviewed in the last 4 weeks")
    )
    assert page not in waiting
    assert page in reviewed
    assert "There was a good reason" in reviewed


def test_a_restricted_record_cannot_be_opened_with_a_reason(service, ask) -> None:
    address = reverse("confidentiality:open", args=[service.people["hidden"].pk])
    assert ask("Sol West", address).status_code == 404
    sent = ask("Sol West", address, {"because": REASON, "submission": "two"})
    assert sent.status_code == 404
    sol = service.users["Sol West"]
    assert not Opening.objects.filter(person=service.people["hidden"], recorded_by=sol).exists()


def test_reading_an_outline_is_written_down(service, ask) -> None:
    child = service.people["other"].pk
    ask("Sol West", reverse("confidentiality:outline", args=[child]))
    assert Event.objects.filter(name="confidentiality:outline", children=[child]).exists()


def test_a_records_officer_restricts_grants_and_lifts_on_pages(service, ask) -> None:
    child, officer = service.people["teams"], "Records Officer"

    def send(name: str, **given: str) -> Any:
        address = reverse(f"confidentiality:{name}", args=[child.pk])
        form = ask(officer, address).content.decode()
        key = re.search(r'name="submission"[^>]*value="([^"]*)"', form)[1]
        return ask(officer, address, {**given, "submission": key})

    page = reverse("people:child", args=[child.pk])
    assert send("restrict", because="Adoption is planned.").status_code == 302
    assert ask("Fay Door", page).status_code == 404
    fay = service.users["Fay Door"].pk
    assert send("grant", user=fay, because="Answers the adopters.").status_code == 302
    assert ask("Fay Door", page).status_code == 200
    known = ask(officer, reverse("confidentiality:who_may_know", args=[child.pk])).content.decode()
    assert "Answers the adopters." in known
    held = Grant.objects.get(person=child, user=fay)
    assert ask(officer, reverse("confidentiality:end_grant", args=[held.pk])).status_code == 200
    (told,) = Notice.objects.filter(to=fay, kind=actions.GRANTED)
    assert told.about == {"person_id": child.pk}
    assert ask(officer, reverse("confidentiality:end_grant", args=[held.pk]), {}).status_code == 302
    (told,) = Notice.objects.filter(to=fay, kind=actions.ENDED)
    assert told.about == {}, "it does not say of whom"
    assert "no longer know of a restricted record" in ask("Fay Door", "/notices/").content.decode()
    assert ask("Fay Door", page).status_code == 404
    assert child.name in ask(officer, reverse("confidentiality:restricted")).content.decode()
    assert send("lift", because="It is over.").status_code == 302
    assert ask("Fay Door", page).status_code == 200


def test_the_settings_serve_every_page_beneath_the_identity() -> None:
    order = settings.MIDDLEWARE
    identity = order.index("harbourlight.record.confidentiality.identity.IdentityMiddleware")
    assert order.index("django.contrib.auth.middleware.AuthenticationMiddleware") < identity
    assert order.index("harbourlight.foundation.transactions.TransactionMiddleware") < identity


def test_somebody_not_signed_in_is_nobody_to_the_database(service, at_now) -> None:
    assert (
        Client()
        .get(reverse("people:child", args=[service.people["mine"].pk]))
        .url.startswith("/sign-in/")
    )
    assert timedelta(minutes=15) == actions.OPEN_FOR

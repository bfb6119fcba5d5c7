"""What is typed is kept as it is typed, for its writer alone, until it is sent or thrown away."""

import uuid
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from harbourlight.foundation.drafts.models import Draft
from harbourlight.foundation.sign_ins.models import KeptWords
from harbourlight.record.front_door.models import Contact
from tests.browsing import press
from tests.pages.reading import main_of, text_of
from tests.record.families import Record
from tests.record.people.test_adding import sent_by

SAID = "He came to school without a coat, and said he had not eaten."


def typed_on(address: str, **more: str) -> dict[str, str]:
    """What the script of a page sends."""
    return {
        "submission": str(uuid.uuid4()),
        "draft-address": address,
        "draft-title": "Record a contact",
        "what_was_said": SAID,
        **more,
    }


@pytest.fixture
def address(record: Record) -> str:
    """Where a contact about a child is recorded."""
    return f"/contacts/new/?child={record.child('Ash Sorrel').pk}"


def test_a_draft_is_saved_over_itself_offered_on_its_page_and_gone_when_sent(
    record: Record, at_desk: Any, address: str, assured: Any
) -> None:
    desk = at_desk("front_door_worker")
    sent = typed_on(address)
    assert desk.post("/begun/save/", sent).json() == {"saved": "10am"}
    desk.post("/begun/save/", sent | {"what_was_said": SAID + " Twice."})
    draft = Draft.objects.get()
    assert draft.typed["what_was_said"] == [SAID + " Twice."]
    assert not any(name.startswith(("draft-", "csrf")) for name in draft.typed)
    # Elsewhere, the same day: the page says so, and the words come back with the same key.
    elsewhere = desk.get(address).content.decode()
    assert "You began this on Wednesday 18 March 2026 at 10am" in elsewhere
    assert SAID not in elsewhere
    back = desk.post(address, {"draft-continue": draft.pk}).content.decode()
    assert SAID + " Twice." in back
    assert sent["submission"] in back
    assert "There is a problem" not in back, "what was typed before is not judged"
    assert not Contact.objects.exists()
    child = draft.address.rpartition("=")[2]
    whole = sent | {
        "children": child,
        "source_code": "2A",
        "received_at-day": "18",
        "received_at-month": "3",
        "received_at-year": "2026",
        "received_at-time": "9am",
    }
    assert desk.post(address, whole).status_code == 302
    assert (Contact.objects.count(), Draft.objects.count()) == (1, 0)
    # A save that was still on its way when the form was sent brings nothing back.
    assert desk.post("/begun/save/", sent).status_code == 409
    assert not Draft.objects.exists()
    assured("drafts", "kept, brought back elsewhere with the key of its form, gone when sent")


def test_nobody_else_sees_brings_back_or_throws_away_a_draft(
    record: Record, at_desk: Any, address: str
) -> None:
    at_desk("front_door_worker").post("/begun/save/", typed_on(address))
    draft = Draft.objects.get()
    other = at_desk("front_door_manager")
    assert "You began this" not in other.get(address).content.decode()
    assert "Record a contact" not in other.get("/begun/").content.decode().partition("<main")[2]
    for path, data in (
        (address, {"draft-continue": draft.pk}),
        (f"/begun/{draft.pk}/throw-away/", {}),
    ):
        assert other.post(path, data).status_code == 404
    # Even the key of another's form is only the key of one's own draft.
    stolen = typed_on(address, submission=str(draft.submission), what_was_said="Mine.")
    other.post("/begun/save/", stolen)
    draft.refresh_from_db()
    assert draft.typed["what_was_said"] == [SAID]
    assert Draft.objects.of(record.user("front_door_manager")).get().typed["what_was_said"] == [
        "Mine."
    ]


def test_a_draft_is_of_a_page_its_writer_may_use(record: Record, at_desk: Any) -> None:
    desk = at_desk("performance_analyst")
    for elsewhere in ("/contacts/new/", "/nowhere/", "https://example.org/", "/" + "a" * 3000):
        assert desk.post("/begun/save/", typed_on(elsewhere)).status_code == 400
    assert not Draft.objects.exists()


def test_a_button_keeps_and_a_page_that_only_a_button_reaches_is_gone_on_with(
    record: Record, at_desk: Any
) -> None:
    desk = at_desk("front_door_worker")
    page = "/people/add/"
    typed = typed_on(page, **{"person-0-forename": "Newly", "person-0-surname": "Known"})
    typed |= {"person-1-forename": "Second", "draft-title": "Add people", "draft-keep": "yes"}
    kept = desk.post(page, typed, follow=True).content.decode()
    assert "What you typed is kept" in kept
    assert "Add people" in kept
    back = desk.post(page, {"draft-continue": Draft.objects.get().pk}).content.decode()
    assert all(f'value="{name}"' in back for name in ("Newly", "Known", "Second"))
    desk.post(f"/begun/{Draft.objects.get().pk}/throw-away/")
    assert not Draft.objects.exists()


def test_words_typed_after_a_session_ended_come_back_before_an_older_draft_of_the_same_form(
    record: Record, at_desk: Any, address: str
) -> None:
    """The draft was saved at 10; the session ended; more was typed in the same page."""
    desk = at_desk("front_door_worker")
    desk.get(address)  # the browser is known from here on
    form = sent_by(desk.get(address), "Record the contact") | {"draft-address": address}
    as_script = {
        "headers": {"Accept": "application/json", "Referer": f"http://testserver{address}"}
    }
    assert desk.post("/begun/save/", form | {"what_was_said": SAID}, **as_script).status_code == 200
    Session.objects.all().delete()
    more = form | {"what_was_said": SAID + " Twice."}
    for _ in range(3):  # the script tries again until it is done
        answer = desk.post("/begun/save/", more, **as_script)
        assert (answer.status_code, answer.json()) == (401, {"signed_in": False, "kept": True})
    assert KeptWords.objects.count() == 1, "what is sent again is kept once"
    desk.force_login(record.user("front_door_worker"))
    desk.get("/my-work/")
    page = desk.get(address)
    words = text_of(main_of(page))
    assert "What you had typed is back in its place" in words
    assert "You began this" not in words, "an older draft of the same form is not offered beside it"
    again = sent_by(page, "Record the contact")
    assert (again["what_was_said"], again["submission"]) == (SAID + " Twice.", form["submission"])
    listed = text_of(main_of(desk.get("/your-account/kept-words/")))
    assert "Twice." in listed
    assert form["submission"] not in listed
    # Once it is saved as the draft of the form there is one of it, not two.
    desk.post("/begun/save/", again | {"draft-address": address}, **as_script)
    assert not KeptWords.objects.exists()
    assert Draft.objects.get().typed["what_was_said"] == [SAID + " Twice."]
    assert "What you had typed is back" not in text_of(main_of(desk.get(address)))


def test_words_of_a_form_that_was_sent_from_elsewhere_meanwhile_can_still_be_sent(
    record: Record, at_desk: Any, address: str
) -> None:
    desk = at_desk("front_door_worker")
    desk.get(address)
    form = sent_by(desk.get(address), "Record the contact") | {
        "children": address.rpartition("=")[2],
        "source_code": "2A",
        "what_was_said": SAID,
    }
    referred = {"headers": {"Referer": f"http://testserver{address}"}}
    Session.objects.all().delete()
    desk.post(address, form | {"what_was_said": SAID + " Twice."}, **referred)
    device = Client()
    device.force_login(record.user("front_door_worker"))
    device.post(address, form)  # from the draft
    assert Contact.objects.get().what_was_said == SAID
    desk.force_login(record.user("front_door_worker"))
    desk.get("/my-work/")
    again = sent_by(desk.get(address), "Record the contact")
    assert again["submission"] != form["submission"]
    sent = desk.post(address, again, **referred)
    assert sent.status_code == 302, text_of(main_of(sent))
    said = {contact.what_was_said for contact in Contact.objects.all()}
    assert said == {SAID, SAID + " Twice."}
    assert not KeptWords.objects.exists()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_is_typed_is_saved_by_itself_and_the_page_outlives_lines_and_sessions(
    record: Record, open_page: Any, sign_in: Any, look: Any
) -> None:
    worker = record.user("front_door_worker")
    address = f"/contacts/new/?child={record.child('Ash Sorrel').pk}"
    page = open_page()
    sign_in(page, worker)
    page.goto(address)
    said = page.get_by_label("What was said")
    said.fill("First words.")
    status = page.locator(".hl-draft__said")
    expect(status).to_contain_text("Draft saved")
    look(page, "Record a contact")
    # The line goes, and comes back.
    page.context.set_offline(True)
    said.fill("First words. Second words.")
    expect(status).to_contain_text("Not saved: there is no connection")
    expect(page.locator(".hl-draft [role=status]")).to_contain_text("Not saved")
    page.context.set_offline(False)
    expect(status).to_contain_text("Draft saved")
    assert Draft.objects.get().typed["what_was_said"] == ["First words. Second words."]
    # The session ends. The words stay; signing in again in another tab saves them.
    cookies = {one["name"] for one in page.context.cookies()}
    assert "harbourlight_session" in cookies
    page.context.clear_cookies(name="harbourlight_session")
    said.fill("First words. Second words. Third words.")
    expect(status).to_contain_text("you have been signed out")
    look(page, "Record a contact")
    tab = page.context.new_page()
    sign_in(tab, worker)
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status).to_contain_text("Draft saved")
    # Another device: it is offered, and gone on with.
    device = open_page(javascript=False)
    sign_in(device, worker)
    device.goto(address)
    press(device, "Go on with what you typed")
    expect(device.get_by_label("What was said")).to_have_value(
        "First words. Second words. Third words."
    )
    device.get_by_label("What was said").fill("All of it.")
    press(device, "Save and come back later")
    expect(device.get_by_role("main")).to_contain_text("What you typed is kept")
    assert [one.typed["what_was_said"] for one in Draft.objects.all()] == [["All of it."]]
    page.goto("/begun/")
    look(page, "Begun and not sent")
    page.goto(f"/begun/{Draft.objects.get().pk}/throw-away/")
    look(page, "Throw away what you typed?")


def test_a_draft_saved_while_its_form_is_being_sent_is_none(account: Any) -> None:
    from harbourlight.foundation.submissions.models import Submission

    worker, key, now = account("front_door_worker"), uuid.uuid4(), timezone.now()
    Draft.objects.create(
        owner=worker, submission=key, address="/", title="", begun_at=now, saved_at=now
    )
    Submission.objects.create(key=key, by=worker, at=now, answer="/there/")
    assert not Draft.objects.of(worker).exists()

"""Two people who change one thing at once: every edit is kept, or its author is shown both."""

import inspect
import threading
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from harbourlight.foundation.accounts.models import User
from harbourlight.record.assessment import actions
from harbourlight.record.assessment.models import Assessment
from harbourlight.record.documents.models import Document
from harbourlight.record.episodes.models import Episode
from harbourlight.record.front_door.models import Contact
from harbourlight.record.people.actions import add_fact
from harbourlight.record.people.details import BY_CODE
from harbourlight.record.people.models import Person, PersonFact
from tests.browsing import press
from tests.foundation.test_access import addresses
from tests.pages.reading import main_of, text_of
from tests.record.families import NOW, Record, moment
from tests.record.people.test_adding import sent_by

EDITORS = 10


@pytest.fixture
def assessment(record: Record) -> Assessment:
    """Begun on 16 March."""
    return assessed(record, record.referred(record.child("Ash Sorrel"), at=moment(10)))


def write(assessment: Assessment, by: Any, at: Any = NOW, **written: Any) -> None:
    actions.write_assessment(assessment, written, by=by, at=at)


def test_both_versions_are_shown_field_by_field_and_what_is_chosen_stands(
    record: Record, assessment: Assessment, at_desk: Any
) -> None:
    manager = record.user("team_manager")
    write(assessment, manager, moment(17), history="Moved twice.", analysis="At first.")
    address = f"/assessments/{assessment.pk}/write/"
    desk = at_desk("social_worker")
    typed = sent_by(desk.get(address), "Save")
    write(assessment, manager, analysis="Theirs.", child_words="It is loud.", factors=["3A"])
    mine = typed | {"analysis": "Mine.", "next_steps": "A plan.", "history": "Moved twice."}
    met = desk.post(address, mine)
    words = text_of(main_of(met))
    assert "Somebody else changed this while you had the page open" in words
    for said in ("Theirs.", "Mine.", "It is loud.", "A plan.", "Team Manager, 18 March 2026 at"):
        assert said in words, said
    headings = main_of(met).xpath(".//section/h2/text()")
    assert headings == [
        "The child’s own words",
        "Analysis",
        "Decision and next steps",
        "Factors identified",
    ], "what both hold alike is not asked about"
    assert Assessment.objects.get().analysis == "Theirs."
    # Only they wrote the child's words, and only I the next steps; we both wrote the analysis.
    shown = sent_by(met, "Save")
    assert shown["stands-child_words"] == "held"
    assert shown["stands-next_steps"] == "mine"
    assert "stands-analysis" not in shown
    refused = desk.post(address, shown)
    assert "Select what should stand for “Analysis”" in text_of(main_of(refused))
    assert Assessment.objects.get().analysis == "Theirs."
    chosen = sent_by(refused, "Save") | {"stands-analysis": "mine", "analysis": "Both of ours."}
    assert desk.post(address, chosen).status_code == 302
    now = Assessment.objects.get()
    assert (now.analysis, now.next_steps) == ("Both of ours.", "A plan.")
    assert (now.child_words, now.factors, now.history) == ("It is loud.", ["3A"], "Moved twice.")


def test_what_changed_again_while_they_chose_is_shown_again(
    record: Record, assessment: Assessment, at_desk: Any
) -> None:
    manager, address = record.user("team_manager"), f"/assessments/{assessment.pk}/write/"
    desk = at_desk("social_worker")
    typed = sent_by(desk.get(address), "Save")
    write(assessment, manager, analysis="Theirs.")
    shown = sent_by(desk.post(address, typed | {"analysis": "Mine."}), "Save")
    write(assessment, manager, analysis="Theirs again.")
    again = desk.post(address, shown | {"stands-analysis": "mine"})
    assert "Theirs again." in text_of(main_of(again))
    assert Assessment.objects.get().analysis == "Theirs again."
    kept = sent_by(again, "Save") | {"stands-analysis": "held"}
    assert desk.post(address, kept).status_code == 302
    assert Assessment.objects.get().analysis == "Theirs again."


# ---- Every page that changes what is there ------------------------------------------------------


def assessed(record: Record, episode: Episode) -> Assessment:
    who = {"by": record.user("social_worker"), "at": moment(16)}
    return actions.start_assessment(
        **who, episode=episode, on=date(2026, 3, 16), worker=record.worker, team=record.team
    )


def at_address(record: Record, child: Person) -> PersonFact:
    home = BY_CODE["addresses"]
    blank = {name: home.model._meta.get_field(name).get_default() for name in home.columns}
    given = blank | {"kind": "home", "lines": "1 Quay Street", "postcode": "NE1 4XX"}
    return add_fact(home, child, given, by=record.user("social_worker"), at=NOW)[0]


def document(record: Record, child: Person) -> Document:
    return Document.objects.create(
        child=child,
        title="A letter",
        kind="letter",
        received_on=date(2026, 3, 2),
        recorded_by=record.user("social_worker"),
        recorded_at=NOW,
    )


CHANGING: dict[str, tuple[Any, str, str, str]] = {
    "assessment.views.write": (
        lambda record, of: f"/assessments/{assessed(record, of).pk}/write/",
        "analysis",
        "social_worker",
        "Save",
    ),
    "assessment.views.correct": (
        lambda record, of: f"/assessments/{assessed(record, of).pk}/correct/",
        "started_on-day",
        "team_manager",
        "Correct",
    ),
    "episodes.views.correct": (
        lambda record, of: f"/episodes/{of.pk}/correct/",
        "referred_at-day",
        "team_manager",
        "Correct",
    ),
    "front_door.views.contacts.correct": (
        lambda record, of: f"/contacts/{Contact.objects.get().pk}/correct/",
        "agency",
        "team_manager",
        "Correct",
    ),
    "people.views.record.correct": (
        lambda record, of: f"/people/{of.child_id}/correct/",
        "forename",
        "team_manager",
        "Correct",
    ),
    "people.views.details.correct": (
        lambda record, of: (
            f"/people/{of.child_id}/details/addresses/{at_address(record, of.child).pk}/correct/"
        ),
        "lines",
        "team_manager",
        "Correct",
    ),
    "documents.views.correct": (
        lambda record, of: f"/documents/{document(record, of.child).pk}/correct/",
        "title",
        "team_manager",
        "Save correction",
    ),
    "accounts.views.change_account": (
        lambda record, of: f"/accounts/{record.user('social_worker').pk}/change/",
        "job_title",
        "administrator",
        "Save",
    ),
}
"""Each view that changes what is there: its address, a box of its form, who may, the button."""

ADDS = "adds something of its own, and changes nothing that is there"
ENDS = "refuses where it was ended, struck out or decided meanwhile, saying so"
COMPARES = "keeps a mark of its own of what was shown, and shows both"
TELLS = "refuses where the draft was changed meanwhile, with what was typed still in the page"

NEED_NOT: dict[str, str] = {
    "matching.views.compare": ENDS,
    "matching.views.merger": ENDS,
    "people.views.family.relate": ADDS,
    "people.views.family.leave": ENDS,
    "people.views.adding.join": ADDS,
    "people.views.details.add": ADDS,
    "people.views.details.born": ENDS,
    "people.views.details.died": ENDS,
    "people.views.details.end": ENDS,
    "people.views.details.strike_out": ENDS,
    "front_door.views.deciding.decide": ENDS,
    "front_door.views.contacts.strike_out": ENDS,
    "episodes.views.allocate": ADDS,
    "episodes.views.close": ENDS,
    "episodes.views.strike_out": ENDS,
    "assessment.views.start": ADDS,
    "assessment.views.send": ENDS,
    "assessment.views.decide": ENDS,
    "assessment.views.strike_out": ENDS,
    "questionnaires.views.begin": ADDS,
    "questionnaires.views.check": ENDS,
    "questionnaires.views.correct": COMPARES,
    "questionnaires.views.strike_out": ENDS,
    "instruments.views.changes_file": TELLS,
    "instruments.views.put_in_force": ENDS,
    "instruments.views.add_question": TELLS,
    "instruments.views.question": TELLS,
    "documents.views.add": ADDS,
    "documents.views.letter": ADDS,
    "documents.views.add_version": ADDS,
    "documents.views.move": ENDS,
    "documents.views.strike_out": ENDS,
    "documents.views.strike_out_version": ENDS,
    "confidentiality.views.open_record": ADDS,
    "confidentiality.views.restrict": ENDS,
    "confidentiality.views.lift": ENDS,
    "confidentiality.views.grant": ADDS,
    "confidentiality.views.opening": ENDS,
    "looking.views.access": ENDS,
}
"""Every other view that takes a form about something that is there, and why it cannot overwrite."""


def test_every_view_that_changes_what_is_there_is_walked_or_says_why_it_overwrites_nothing() -> (
    None
):
    changing, others = set(), set()
    for address, view in addresses():
        plain = inspect.unwrap(view)
        if "<" not in address or hasattr(plain, "view_class"):
            continue
        source = inspect.getsource(plain)
        name = f"{plain.__module__}.{plain.__name__}".split(".", 2)[-1]
        if "answer_change(" in source or "answer_correction(" in source:
            changing.add(name)
        elif "answer_form(" in source or "act_once(" in source:
            others.add(name)
    assert changing == CHANGING.keys()
    assert others <= NEED_NOT.keys(), "show both by answer_change, or say here why it need not"
    assert not NEED_NOT.keys() - others, "there is no such view any more"


@pytest.mark.parametrize("view", CHANGING)
def test_on_every_page_that_changes_what_is_there_the_second_editor_is_shown_both(
    record: Record, at_desk: Any, view: str
) -> None:
    of, box, role, button = CHANGING[view]
    address = of(record, record.referred(record.child("Ash Sorrel"), at=moment(10)))
    desk = at_desk(role)
    theirs, mine = (sent_by(desk.get(address), button) | {"because": "Asked."} for _ in range(2))
    values = ("11", "12") if box.endswith("-day") else ("Theirs", "Mine")
    assert desk.post(address, theirs | {box: values[0]}).status_code == 302
    held = fingerprint(address)
    met = desk.post(address, mine | {box: values[1]})
    words = text_of(main_of(met))
    assert "Somebody else changed this while you had the page open" in words
    both = main_of(met).xpath(".//section[contains(@class, 'hl-meanwhile')]")
    assert len(both) == 1, "what both hold alike is not asked about"
    assert all(value in text_of(both[0]) for value in values)
    assert fingerprint(address) == held, "nothing was saved"
    name = box.partition("-")[0]
    stands = sent_by(met, button) | {f"stands-{name}": "mine"}
    led = desk.post(address, stands)
    assert led.status_code == 302, text_of(main_of(led))
    assert sent_by(desk.get(address), button)[box] == values[1]


def fingerprint(address: str) -> list[Any]:
    """What is held by the row that an address is of, whatever its table."""
    models = (Assessment, Episode, Contact, Person, Document, User, BY_CODE["addresses"].model)
    return [
        values
        for model in models
        for values in model._default_manager.filter(pk__in=address.split("/")).values()
    ]


@pytest.mark.parametrize("seen", ["", "{}", "[]", "not json", '{"shown": 3, "asked": []}'])
def test_a_form_that_lost_what_it_showed_overwrites_nothing(
    record: Record, assessment: Assessment, at_desk: Any, seen: str
) -> None:
    desk, address = at_desk("social_worker"), f"/assessments/{assessment.pk}/write/"
    write(assessment, record.user("team_manager"), analysis="Theirs.")
    met = desk.post(address, {"analysis": "Mine.", "seen": seen})
    assert "Somebody else changed this" in text_of(main_of(met))
    assert Assessment.objects.get().analysis == "Theirs."


def test_the_same_words_from_both_and_the_same_form_twice_disturb_nobody(
    record: Record, assessment: Assessment, at_desk: Any
) -> None:
    desk, address = at_desk("social_worker"), f"/assessments/{assessment.pk}/write/"
    typed = sent_by(desk.get(address), "Save") | {"analysis": "So."}
    write(assessment, record.user("team_manager"), analysis="So.")
    answers = {desk.post(address, typed).headers["Location"] for _ in range(3)}
    assert answers == {f"/assessments/{assessment.pk}/"}


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_save_at_once_every_edit_is_kept_or_its_author_told(
    record: Record, account: Any, assured: Any
) -> None:
    child = record.child("Maya Thornwick")
    address = f"/people/{child.pk}/correct/"
    desks, forms = [], []
    for number in range(EDITORS):
        desk = Client()
        desk.force_login(account("front_door_manager", username=f"editor.{number}"))
        desks.append(desk)
        forms.append(sent_by(desk.get(address), "Correct") | {"because": "Heard."})
    together, answers = threading.Barrier(EDITORS), {}

    def save(number: int) -> None:
        try:
            together.wait(20)
            named = forms[number] | {"forename": f"Maya{number}"}
            answers[number] = desks[number].post(address, named)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[number]) for number in range(EDITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    saved = [number for number, answer in answers.items() if answer.status_code == 302]
    told = [
        number
        for number, answer in answers.items()
        if answer.status_code == 200 and "Somebody else changed this" in answer.content.decode()
    ]
    child.refresh_from_db()
    assert child.forename == f"Maya{saved[0]}"
    assert (len(saved), len(told)) == (1, EDITORS - 1)
    # Each of those told sends again, having seen what stands: each is then kept, one by one.
    for number in told:
        met = desks[number].post(address, forms[number] | {"forename": f"Maya{number}"})
        chosen = sent_by(met, "Correct") | {"stands-forename": "mine"}
        assert desks[number].post(address, chosen).status_code == 302
        child.refresh_from_db()
        assert child.forename == f"Maya{number}"
    assured(
        "two-editors",
        f"{EDITORS} at once: {len(saved)} saved, {len(told)} shown both versions, 0 overwritten",
    )


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_what_stands_is_chosen_by_keyboard_on_a_desk_and_in_a_hand(
    record: Record,
    assessment: Assessment,
    open_page: Any,
    sign_in: Any,
    look: Any,
    javascript: bool,
) -> None:
    page = open_page(javascript=javascript)
    sign_in(page, record.user("social_worker"))
    page.goto(f"/assessments/{assessment.pk}/write/")
    page.get_by_label("Analysis").fill("Mine, typed at length.")
    write(assessment, record.user("team_manager"), analysis="Theirs.", child_words="Loud.")
    press(page, "Save", exact=True)
    expect(page.get_by_role("heading", name="Analysis")).to_be_visible()
    if javascript:
        look(page, "Write the assessment")
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    both = page.get_by_role("region", name="Analysis")
    both.get_by_label("Mine, which I can still change here").focus()
    page.keyboard.press("Space")
    box = both.get_by_label("Analysis")
    expect(box).to_have_value("Mine, typed at length.")
    box.fill("Both.")
    page.get_by_role("button", name="Save", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("What you wrote has been saved")
    now = Assessment.objects.get()
    assert (now.analysis, now.child_words) == ("Both.", "Loud.")


def test_a_time_whose_seconds_no_box_shows_is_not_taken_for_a_change(
    record: Record, at_desk: Any
) -> None:
    contact = record.contact(record.child("Ash Sorrel"), at=moment(17) + timedelta(seconds=42))
    desk, address = at_desk("front_door_manager"), f"/contacts/{contact.pk}/correct/"
    typed = sent_by(desk.get(address), "Correct") | {"agency": "Other School", "because": "Typo."}
    with time_machine.travel(NOW + timedelta(minutes=1)):
        assert desk.post(address, typed).status_code == 302
    contact.refresh_from_db()
    assert contact.received_at == moment(17) + timedelta(seconds=42)

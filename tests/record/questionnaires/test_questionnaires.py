"""Questionnaires about children: started, answered, checked, finished, read, compared."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.instruments import actions as changing
from harbourlight.foundation.instruments import columns
from harbourlight.foundation.instruments.instrument import WRITTEN_KINDS, Instrument, Kind
from harbourlight.foundation.instruments.models import Tally
from harbourlight.foundation.instruments.selectors import counted, draft_of, instrument_in_force
from harbourlight.record.people.chronology import chronology
from harbourlight.record.people.models import Person
from harbourlight.record.questionnaires import actions, presenters
from harbourlight.record.questionnaires.models import Response
from harbourlight.record.questionnaires.steps import steps_of
from tests.record.families import MOST_QUERIES, NOW, Record, moment, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def siblings(record: Record) -> list[Person]:
    """Two children of a family, both given to Sol Westing."""
    children = record.rowans(2)
    told = record.contact(*children, at=moment(10))
    record.decide(told, at=moment(10), outcome="referral")
    return children


def start(record: Record, *children: Person, code: str = "visit", at: Any = NOW) -> list[Response]:
    instrument = instrument_in_force(code, at.date())
    assert instrument is not None
    return actions.start(
        by=record.user("social_worker"),
        at=at,
        instrument=instrument,
        children=children,
        on=at.date(),
        worker=record.worker,
    )


def answer(record: Record, response: Response, said: Mapping[str, Any], at: Any = NOW) -> None:
    response.refresh_from_db()
    questions = [response.instrument.questions[name] for name in said]
    actions.answer(
        response,
        said,
        questions,
        seen=actions.mark_of(response.answers, questions),
        by=record.user("social_worker"),
        at=at,
    )


def finish(record: Record, responses: list[Response], at: Any = NOW, **reasons: Any) -> None:
    actions.finish(responses, reasons, by=record.user("social_worker"), at=at)
    for one in responses:
        one.refresh_from_db()


def posted(desk: Any, address: str, said: Mapping[str, Any]) -> Any:
    """Send a page as a browser would that was shown it."""
    page = desk.get(address).content.decode()
    found = re.search(r'name="page-mark" value="(\w*)"', page)
    assert found, address
    return desk.post(address, {"page-mark": found[1], **said})


# ---- From start to finish ------------------------------------------------------------------------


def test_siblings_are_answered_for_together_and_each_keeps_what_is_theirs(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any]
) -> None:
    desk = at_desk("social_worker")
    first, second = siblings
    day = {"on-day": "17", "on-month": "3", "on-year": "2026", "worker": record.worker.pk}
    asked = {"instrument": "visit", "children": [first.pk, second.pk]}
    assert queries_of(desk, f"/questionnaires/start/{first.pk}/") <= MOST_QUERIES
    begun = desk.post(f"/questionnaires/start/{first.pk}/", asked | day)
    assert begun.status_code == 302, begun.content.decode()
    one, two = Response.objects.order_by("child__born_on")
    assert one.occasion == two.occasion
    check = f"{begun.url}check/"
    shared = f"/questionnaires/{one.pk}/shared/the_visit/"
    own = f"/questionnaires/{one.pk}/answer/seeing/"
    for address in (begun.url, check, shared, own):
        assert queries_of(desk, address) <= MOST_QUERIES, address
    assert posted(desk, shared, {"where": "home", "where_else": "typed before"}).url == own
    said = {"seen": "yes", "seen_alone": "yes", "own_words": "I like the boat."}
    onward = posted(desk, own, said | {"not_seen_because": "typed before"})
    assert onward.url == f"/questionnaires/{two.pk}/answer/seeing/"
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.own, two.own) == (said, {})
    assert one.shared == two.shared == {"where": "home"}
    assert "I like the boat." not in desk.get(onward.url).content.decode()
    reason = {f"{two.pk}-seen": "She was with her father.", f"{one.pk}-who_was_there": "Nobody."}
    done = desk.post(check, reason)
    assert done.url == f"/people/{first.pk}/#questionnaires"
    one.refresh_from_db()
    two.refresh_from_db()
    assert two.reasons == {"seen": "She was with her father.", "who_was_there": "Nobody."}
    assert two.state_in_words == "Finished, with reasons"
    for one_page in (f"/questionnaires/{one.pk}/", f"/questionnaires/{two.pk}/"):
        assert queries_of(desk, one_page) <= MOST_QUERIES, one_page
    assert "Visit to a child" in desk.get(f"/people/{second.pk}/").content.decode()
    assert [each.title for each in chronology([first.pk], ["questionnaire"])] == [
        "Visit to a child"
    ]


def test_nothing_of_one_child_s_own_is_in_what_is_read_of_a_sibling(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any], assured: Any
) -> None:
    one, two = start(record, *siblings)
    instrument = one.instrument
    canaries = {
        response.pk: {
            name: f"canary {name} {number} of seven words that are theirs"
            for name, question in instrument.questions.items()
            if question.kind in WRITTEN_KINDS and not question.about.is_said_once
        }
        for number, response in enumerate((one, two))
    }
    choices = {"seen": "yes", "seen_alone": "no", "bedroom_seen": "yes", "safe_today": "yes"}
    for response in (one, two):
        answer(record, response, {"where": "home"} | choices | canaries[response.pk])
    finish(record, [one, two])
    desk = at_desk("social_worker")
    looked = 0
    for mine, other in ((one, two), (two, one)):
        for page in ("", "pdf/", "correct/seeing/"):
            shown = desk.get(f"/questionnaires/{mine.pk}/{page}").content.decode(errors="replace")
            child = desk.get(f"/people/{mine.child_id}/").content.decode()
            for words in canaries[other.pk].values():
                looked += 1
                assert words not in shown + child
        assert (
            canaries[mine.pk]["own_words"]
            in desk.get(f"/questionnaires/{mine.pk}/").content.decode()
        )
    assured("private-words", f"{looked} looks for one child's words in a sibling's record: 0 found")


def test_words_that_strayed_into_a_sibling_s_record_are_told_and_stop_nobody(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any]
) -> None:
    one, two = start(record, *siblings)
    hers = "He shouts at night and I hide beneath the stairs with the cat."
    answer(record, one, {"where": "home", "seen": "yes", "own_words": hers})
    answer(record, two, {"seen": "yes", "own_words": "Football is best."})
    desk = at_desk("social_worker")
    check = f"/questionnaires/together/{one.occasion}/check/"
    assert "Look at this first" not in desk.get(check).content.decode()
    answer(record, two, {"how_they_were": "Quiet. “he shouts at night and I hide” she said."})
    answer(record, one, {"parents_said": "We know: I hide beneath the STAIRS with the cat, too."})
    told = desk.get(check).content.decode()
    assert "Look at this first" in told
    for response in (one, two):
        response.refresh_from_db()
    found = presenters.misplaced([one, two], steps_of([one, two]))
    assert [(each.whose, each.words) for each in found] == [
        (one.child.name, "He shouts at night and I"),
        (one.child.name, "I hide beneath the stairs with"),
    ]
    assert desk.post(check, {"submission": ""}).status_code == 302
    two.refresh_from_db()
    assert two.is_finished


def test_what_is_not_asked_is_not_kept_though_it_was_once_answered(
    record: Record, siblings: list[Person]
) -> None:
    (one,) = start(record, siblings[0])
    answer(
        record, one, {"where": "home", "seen": "yes", "own_words": "Mine.", "bedroom_seen": "no"}
    )
    answer(record, one, {"seen": "no", "where": "school"})
    finish(record, [one])
    assert one.answers == {"where": "school", "seen": "no"}
    with pytest.raises(Refused, match="has been finished"):
        answer(record, one, {"seen": "yes"})


def test_more_is_asked_on_the_same_page_where_an_answer_calls_for_it(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any]
) -> None:
    (one,) = start(record, siblings[0], code="return_interview")
    answer(record, one, {"accepted": "yes"})
    desk = at_desk("social_worker")
    away = f"/questionnaires/{one.pk}/answer/away/"
    assert "More about that" not in desk.get(away).content.decode()
    again = posted(desk, away, {"left_because": ["other"]})
    assert again.url == away
    assert "More about that" in desk.get(away).content.decode()
    onward = posted(desk, away, {"left_because": ["other"], "more_about_why": "A dare."})
    assert onward.url == f"/questionnaires/{one.pk}/answer/after/"


def test_two_who_answer_one_page_at_once_are_shown_both_and_nothing_is_lost(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any]
) -> None:
    (one,) = start(record, siblings[0])
    desk = at_desk("social_worker")
    own = f"/questionnaires/{one.pk}/answer/key_questions/"
    mark = re.search(r'name="page-mark" value="(\w*)"', desk.get(own).content.decode())
    assert mark
    answer(record, one, {"next_steps": "Theirs."})
    met = desk.post(own, {"page-mark": mark[1], "next_steps": "Mine."})
    page = met.content.decode()
    assert met.status_code == 200
    assert "Theirs." in page
    assert "Mine." in page
    one.refresh_from_db()
    assert one.own == {"next_steps": "Theirs."}
    now = re.search(r'name="page-mark" value="(\w*)"', page)
    assert now
    assert desk.post(own, {"page-mark": now[1], "next_steps": "Mine."}).status_code == 302
    one.refresh_from_db()
    assert one.own == {"next_steps": "Mine."}


# ---- What follows from an answer ----------------------------------------------------------------


@pytest.fixture
def kept_columns() -> Iterator[list[Any]]:
    """A keeper of visits that remembers what it was given."""
    given: list[Any] = []
    known = dict.fromkeys(("seen", "seen_alone", "bedroom_seen"), Kind.YES_NO)
    columns.fill_with("visit", known, lambda response, values: given.append((response, values)))
    yield given
    columns.forget("visit")


def test_answers_fill_the_columns_they_say_as_the_column_holds_them(
    record: Record, siblings: list[Person], kept_columns: list[Any]
) -> None:
    one, two = start(record, *siblings)
    answer(record, one, {"seen": "yes", "seen_alone": "no"})
    finish(record, [one, two])
    found = {response.pk: values for response, values in kept_columns}
    assert found[one.pk] == {"seen": True, "seen_alone": False, "bedroom_seen": None}
    assert found[two.pk] == {"seen": None, "seen_alone": None, "bedroom_seen": None}


def test_an_answer_is_not_finished_where_its_column_cannot_be_filled(
    record: Record, siblings: list[Person]
) -> None:
    def fail(response: Any, values: Any) -> None:
        raise Refused("There is no plan to visit on")

    (one,) = start(record, siblings[0])
    columns.fill_with("visit", {}, fail)
    try:
        with pytest.raises(Refused, match="no plan"):
            finish(record, [one])
    finally:
        columns.forget("visit")
    one.refresh_from_db()
    assert not one.is_finished
    assert not Tally.objects.exists()


def test_a_correction_keeps_what_was_said_with_the_reason_and_counts_it_anew(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any]
) -> None:
    (one,) = start(record, siblings[0])
    answer(record, one, {"where": "home", "seen": "no", "not_seen_because": "Asleep."})
    finish(record, [one], **{one.pk: {"will_be_seen_on": "To be agreed."}})
    desk = at_desk("social_worker")
    page = f"/questionnaires/{one.pk}/correct/seeing/"
    said = {"seen": "yes", "own_words": "I was awake.", "correction-because": "I mixed two up."}
    assert posted(desk, page, said).url == f"/questionnaires/{one.pk}/"
    one.refresh_from_db()
    assert one.answers == {"where": "home", "seen": "yes", "own_words": "I was awake."}
    assert one.reasons == {}
    read = desk.get(f"/questionnaires/{one.pk}/").content.decode()
    for words in ("Asleep.", "I mixed two up.", "I was awake."):
        assert words in read
    assert "own_words" not in Tally.objects.get().unanswered
    assert posted(desk, page, said | {"correction-because": ""}).status_code == 200
    # Somebody else corrects it while this page is open: both versions are shown.
    mark = re.search(r'name="page-mark" value="(\w*)"', desk.get(page).content.decode())
    assert mark
    posted(desk, page, said | {"own_words": "Theirs."})
    met = desk.post(page, {"page-mark": mark[1], **said, "own_words": "Mine."})
    shown = met.content.decode().partition("Saved by someone else")[2].partition("<form")[0]
    assert "Theirs." in shown
    assert "Mine." in shown


def test_a_correction_that_puts_words_into_a_sibling_s_record_is_told(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any]
) -> None:
    one, two = start(record, *siblings)
    words = "The stairs are dark and I count them every night"
    for each, said in ((one, words), (two, "I like the boat.")):
        answer(record, each, {"seen": "yes", "seen_alone": "yes", "own_words": said})
    finish(record, [one, two])
    desk = at_desk("social_worker")
    page = f"/questionnaires/{two.pk}/correct/seeing/"
    said = {"seen": "yes", "seen_alone": "yes", "correction-because": "Mixed up."}
    kept = posted(desk, page, said | {"own_words": f"Well, {words}."})
    read = desk.get(kept.url).content.decode()
    assert "stand in the record of" in read
    assert siblings[0].name in read
    kept = posted(desk, page, said | {"own_words": "I like the boat."})
    assert "stand in the record of" not in desk.get(kept.url).content.decode()


def test_last_time_is_compared_with_this_time_question_by_question(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any]
) -> None:
    before = start(record, siblings[0], at=moment(12))
    answer(record, before[0], {"seen": "yes", "seen_alone": "no", "day_to_day": "Same."})
    finish(record, before, at=moment(12))
    now = start(record, siblings[0])
    answer(record, now[0], {"seen": "yes", "seen_alone": "yes", "day_to_day": "Same."})
    finish(record, now)
    rows = {one.label: one for one in presenters.beside(before[0], now[0], {})}
    assert [label for label, one in rows.items() if one.changed] == ["Was the child seen alone?"]
    address = f"/questionnaires/{now[0].pk}/compare/"
    desk = at_desk("social_worker")
    assert "1 answer differs." in desk.get(address).content.decode()
    assert queries_of(desk, address) <= MOST_QUERIES
    # Any earlier time may be chosen; only those of the same child and questions are.
    first = start(record, siblings[0], at=moment(11))
    answer(record, first[0], {"seen": "no", "day_to_day": "Other."})
    finish(record, first, at=moment(11))
    assert "2 answers differ." not in desk.get(address).content.decode()
    assert "3 answers differ." in desk.get(f"{address}?then={first[0].pk}").content.decode()
    others = start(record, siblings[1], at=moment(11))
    assert desk.get(f"{address}?then={others[0].pk}").status_code == 404
    assert desk.get(f"/questionnaires/{first[0].pk}/compare/").status_code == 404


def test_what_is_walled_is_known_to_those_who_may_enter_alone(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any]
) -> None:
    desk = at_desk("exploitation_coordinator")
    day = {"on-day": "17", "on-month": "3", "on-year": "2026", "worker": record.worker.pk}
    child = siblings[0]
    asked = {"instrument": "exploitation", "children": [child.pk]}
    begun = desk.post(f"/questionnaires/start/{child.pk}/", asked | day)
    assert begun.status_code == 302
    one = Response.objects.get()
    assert one.area == "intelligence"
    answer(record, one, {"what_is_known": "A red car at the arcade."})
    finish(record, [one])
    assert "red car" in desk.get(f"/questionnaires/{one.pk}/").content.decode()
    desk = at_desk("social_worker")
    for page in ("", "pdf/", "compare/", "correct/picture/"):
        assert desk.get(f"/questionnaires/{one.pk}/{page}").status_code == 404, page
    assert desk.get(f"/questionnaires/together/{one.occasion}/").status_code == 404
    assert desk.get("/questionnaires/blank/exploitation/").status_code == 404
    for page in ("", "chronology/"):
        assert "Exploitation: what" not in desk.get(f"/people/{child.pk}/{page}").content.decode()
    assert desk.post(f"/questionnaires/start/{child.pk}/", asked | day).status_code == 200


def test_a_question_nobody_answers_is_counted_and_one_not_asked_is_not_blamed(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any]
) -> None:
    one, two = start(record, *siblings)
    answer(record, one, {"where": "school", "seen": "yes", "own_words": "Mine."})
    answer(record, two, {"seen": "no"})
    finish(record, [one, two])
    day = NOW.date()
    (found,) = counted("visit", since=day, until=day).values()
    rows = {each.name: (each.asked, each.answered) for each in found}
    assert rows["where"] == (2, 2)
    assert rows["own_words"] == (1, 1)
    assert rows["not_seen_because"] == (1, 0)
    assert rows["bedroom"] == (0, 0)
    assert counted("visit", since=day, until=day, group="nobody") == {}
    assert counted("visit", since=day + timedelta(1), until=day + timedelta(9)) == {}
    who = {"because": "Twice.", "by": record.user("team_manager"), "at": NOW}
    actions.strike_out_response(two, **who)
    (found,) = counted("visit", since=day, until=day, group=record.team.pk).values()
    assert found[0].finished == 1
    for role, address in (
        ("team_manager", "/instruments/answered/?instrument=visit"),
        ("administrator", "/instruments/visit/answered/"),
    ):
        desk = at_desk(role)
        assert "Was the child seen?" in desk.get(address).content.decode()
        assert queries_of(desk, address) <= MOST_QUERIES


# ---- The authority's own changes, on its pages ---------------------------------------------------


def test_an_administrator_changes_what_is_asked_and_undoes_it_without_code(
    record: Record, at_desk: Callable[[str], Any]
) -> None:
    desk = at_desk("administrator")
    at, today = "/instruments/visit", {"on-day": "18", "on-month": "3", "on-year": "2026"}
    came = instrument_in_force("visit", NOW.date())
    assert came is not None

    def send(page: str, **said: Any) -> Any:
        draft = draft_of("visit")
        return desk.post(f"{at}/{page}/", {"revision": draft.revision if draft else 0, **said})

    def words(page: str = "") -> str:
        return html.unescape(str(desk.get(f"{at}/{page}").content.decode()))

    def asked() -> Instrument:
        now = instrument_in_force("visit", NOW.date())
        assert now is not None
        return now

    # Other words, a question left out, one of our own.
    send("changes/begin")
    seen = came.questions["seen"]
    send(
        "changes/question/seen", label="Did you see the child?", noun=seen.noun, wanted=seen.wanted
    )
    send("changes/question/announced", label=came.questions["announced"].label, retired="on")
    damp = {
        "label": "Is there damp?",
        "kind": "yes_no",
        "about": "each",
        "waits_for": "bedroom_seen=yes",
    }
    send("changes/add/home", **damp)
    assert asked() == came, "a draft asks nobody anything"
    # A bad file is told by its line, and cannot be put in force.
    good = draft_of("visit").text
    send("changes/file", text=good + "\n[question.seen_alone]\nretired = true")
    assert "“seen_alone” cannot be retired: Statutory visits" in words("changes/file/")
    refused = send("changes/in-force", **today)
    assert "What is in force stays in force" in refused.content.decode()
    assert asked() == came
    send("changes/file", text=good)
    assert send("changes/in-force", **today).url == f"{at}/"
    assert asked().questions["seen"].label == "Did you see the child?"
    assert "local_is_there_damp" in asked().questions
    assert "announced" not in asked().questions
    for said in ("Is there damp?", "Did the family know you were coming?", "Reworded"):
        assert said in words("compare/")
    # It is undone by going back, which is a draft to be looked at like any other.
    assert "Ask it as it came again" in words()
    assert desk.post(f"{at}/go-back/0/").url == f"{at}/changes/"
    assert "There is a draft already" in desk.post(f"{at}/go-back/1/", follow=True).content.decode()
    send("changes/in-force", **today)
    assert asked().sections == came.sections
    # And what was undone is put back; a name that was given is not given to another question.
    desk.post(f"{at}/go-back/1/")
    send("changes/question/local_is_there_damp", label="Is there damp?", retired="on")
    send("changes/add/home", **damp | {"kind": "long_text"})
    assert "local_is_there_damp_2" in draft_of("visit").text
    good = draft_of("visit").text
    send("changes/file", text=good.replace("local_is_there_damp_2", "local_is_there_damp"))
    refused = html.unescape(send("changes/in-force", **today).content.decode())
    assert "is text and was yes or no in version 1 with local changes 1" in refused
    send("changes/file", text=good)
    # What waits for its day is taken back, and stands in the way of nothing.
    send("changes/in-force", **today | {"on-year": "2031"})
    assert "Take these back before their day" in words()
    assert "not waiting" in desk.post(f"{at}/take-back/1/", follow=True).content.decode()
    assert desk.post(f"{at}/take-back/3/").url == f"{at}/changes/"
    assert draft_of("visit").text == good
    send("changes/in-force", **today)
    assert asked().edition == 3


def test_an_answer_to_a_question_since_retired_is_read_in_the_words_it_was_asked_in(
    record: Record, siblings: list[Person], at_desk: Callable[[str], Any]
) -> None:
    (before,) = start(record, siblings[0], at=moment(12))
    answer(record, before, {"announced": "no", "seen": "yes"})
    finish(record, [before], at=moment(12))
    by = record.user("administrator")
    draft = changing.begin_change("visit", by=by, at=NOW)
    retired = "code = 'visit'\n[question.announced]\nretired = true\n"
    draft = changing.write_change(draft, retired, revision=draft.revision, by=by, at=NOW)
    changing.put_in_force(draft, on=NOW.date(), by=by, at=NOW)
    (now,) = start(record, siblings[0])
    answer(record, now, {"seen": "yes"})
    finish(record, [now])
    assert "announced" not in now.instrument.questions
    desk = at_desk("social_worker")
    label = "Did the family know you were coming?"
    assert label in desk.get(f"/questionnaires/{before.pk}/").content.decode()
    assert label not in desk.get(f"/questionnaires/{now.pk}/").content.decode()
    compared = desk.get(f"/questionnaires/{now.pk}/compare/").content.decode()
    assert label in compared
    assert "No longer asked" in compared

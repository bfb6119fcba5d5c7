"""Every view that records something does it once for each form, however often the form is sent."""

import inspect
from typing import Any

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.drafts.models import Draft
from harbourlight.foundation.submissions.models import Submission
from tests.foundation.test_access import addresses
from tests.pages.reading import main_of
from tests.record.families import Record, moment
from tests.record.people.test_adding import sent_by

ONCE = ("answer_form", "answer_correction", "answer_change", "act_once")

AS_GOOD_AS_ONCE: dict[str, str] = {
    "accounts.own_views.see_kept_words": "throws away what is kept: twice is once",
    "accounts.views.deactivate": "sets a state: twice is once",
    "accounts.views.reactivate": "sets a state: twice is once",
    "accounts.views.new_password": "the second password replaces the first, and is the one shown",
    "accounts.views.remove_second_factors": "takes away: twice is once",
    "accounts.views.forget_work_account": "takes away: twice is once",
    "drafts.views.save": "saves over what was saved of the same form",
    "drafts.views.throw_away": "throws away: twice is once",
    "chronology.views.mark": "sets a mark: twice is once",
    "people.views.finding.search": "looks, and records nothing but the reading",
    "front_door.views.contacts.queue": "looks, and records nothing but the reading",
    "instruments.views.compare": "looks, and records nothing",
    "instruments.views.begin": "goes on with what was begun, where it was",
    "instruments.views.go_back": "begins a draft once: a second is refused while there is one",
    "instruments.views.take_back": "sets a state: twice is once, and the second is told so",
    "instruments.views.throw_away": "throws away: twice is once",
    "people.views.known.see": "looks, and records nothing but the reading",
    "questionnaires.views.compare": "looks, and records nothing but the reading",
    "instruments.views.move": "a question can be moved twice; each is one place",
    "accounts.own_views.stay_signed_in": "sets a time: twice is once",
    "accounts.own_views.end_others": "ends what is ended already: twice is once",
    "accounts.own_views.end_one": "ends what is ended already: twice is once",
    "jobs.views.do_now": "a job does nothing where its work is done already",
    "jobs.views.try_again": "a job does nothing where its work is done already",
    "notices.views.open_notice": "sets a mark: twice is once",
    "notices.views.mark": "sets a mark: twice is once",
    "notices.views.confirm": "sets a state: twice is once",
    "census.views.make_again": "a second is refused while the first waits or runs",
    "census.file_views.remove": "takes away: twice is once",
    "confidentiality.views.end_grant": "ends what is ended already: twice is once",
    "jobs.views.cancel": "sets a state: twice is once",
}
"""The views that take what is sent and act without a key, each with why that does no harm."""


def test_every_view_that_takes_a_form_acts_once_or_says_why_it_need_not(assured: Any) -> None:
    acting, bare = 0, set()
    for _, view in addresses():
        plain = inspect.unwrap(view)
        if not plain.__module__.startswith("harbourlight.") or hasattr(plain, "view_class"):
            continue
        source = inspect.getsource(plain)
        takes = any(word in source for word in ("request.POST", "request.method", "require_POST"))
        if any(word in source for word in ONCE):
            acting += 1
        elif takes or "is_valid" in source:
            name = f"{plain.__module__}.{plain.__name__}".removeprefix("harbourlight.")
            bare.add(name.partition(".")[2])
    assert bare <= set(AS_GOOD_AS_ONCE), "act by answer_form, or say here why it does no harm"
    assert acting > 20
    assured("acts-once", f"{acting} views act once for a form; {len(bare)} need not, and say why")


def test_each_page_that_records_carries_the_key_of_its_act_and_keeps_drafts(
    record: Record, at_desk: Any
) -> None:
    child = record.child("Ash Sorrel")
    episode = record.referred(child, at=moment(10))
    waiting = record.contact(child, at=moment(17))
    desk = at_desk("team_manager")
    for address in (
        f"/contacts/new/?child={child.pk}",
        f"/contacts/{waiting.pk}/correct/",
        f"/contacts/{waiting.pk}/strike-out/",
        f"/episodes/{episode.pk}/allocate/",
        f"/episodes/{episode.pk}/close/",
        f"/episodes/{episode.pk}/correct/",
        f"/people/{child.pk}/correct/",
        f"/people/{child.pk}/details/names/add/",
    ):
        main = main_of(desk.get(address))
        assert main.xpath(".//form//input[@name='submission']/@value"), address
        assert main.xpath(".//form[@data-module='hl-draft']//button[@name='draft-keep']"), address


def test_an_account_asked_for_twice_is_one_and_its_password_is_shown_once(
    client: Any, account: Any
) -> None:
    client.force_login(account("administrator"))
    form = sent_by(client.get("/accounts/add/"), "Add account") | {
        "username": "new.person",
        "full_name": "New Person",
        "role": "social_worker",
    }
    first = client.post("/accounts/add/", form)
    assert first.status_code == 200
    again = client.post("/accounts/add/", form)
    made = User.objects.get(username="new.person")
    assert again.headers["Location"] == f"/accounts/{made.pk}/"


def test_a_form_that_is_sent_ends_its_draft_in_the_same_act(record: Record, at_desk: Any) -> None:
    child = record.child("Ash Sorrel")
    desk, address = at_desk("front_door_manager"), f"/people/{child.pk}/correct/"
    form = sent_by(desk.get(address), "Correct") | {"forename": "Asher", "because": "Asked."}
    desk.post("/begun/save/", form | {"draft-address": address})
    assert Draft.objects.get().typed["because"] == ["Asked."]
    desk.post(address, form)
    assert not Draft.objects.exists()
    assert str(Submission.objects.get().key) == form["submission"]

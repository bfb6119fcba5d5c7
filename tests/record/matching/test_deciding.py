"""A person decides whether two records are one, on a page that shows both, and can undo it."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from harbourlight.foundation.notices.models import Notice
from harbourlight.record.confidentiality.actions import restrict
from harbourlight.record.matching import actions, jobs, merging
from harbourlight.record.matching.models import Merger, Proposal
from harbourlight.record.matching.proposing import propose_duplicates
from harbourlight.record.people.models import Address, Person
from harbourlight.record.people.search import Sought, search
from tests.record.families import MOST_QUERIES, NOW, Record, queries_of

ON = date(2026, 3, 18)


@pytest.fixture
def proposal(record: Record) -> Proposal:
    """One child held twice, as it is found by night."""
    first = record.child("William Penhalwick", date(2015, 3, 12))
    record.child("Bill Penhalwick", date(2015, 3, 12))
    record.referred(first, at=NOW)
    propose_duplicates(at=NOW)
    return Proposal.objects.get()


def decide(desk, proposal: Proposal, decision: str) -> None:
    address = reverse("matching:compare", args=[proposal.pk])
    page = desk.get(address).content.decode()
    submission = page.split('name="submission" value="')[1].split('"')[0]
    sent = {"decision": decision, "because": "I rang the school", "submission": submission}
    assert desk.post(address, sent).status_code == 302


def test_a_pair_is_shown_side_by_side_with_words_for_why(at_desk, proposal) -> None:
    desk = at_desk("records_officer")
    listed = desk.get(reverse("matching:duplicates")).content.decode()
    assert "William Penhalwick / Bill Penhalwick" in listed or "Bill Penhalwick / W" in listed
    page = desk.get(reverse("matching:compare", args=[proposal.pk])).content.decode()
    for said in ("a short form of the other", "the same day", "Cases", "+12.5"):
        assert said in page, said
    assert "match_weight" not in page


def test_a_page_asks_little_of_the_database(at_desk, proposal) -> None:
    desk = at_desk("records_officer")
    assert queries_of(desk, reverse("matching:duplicates")) <= MOST_QUERIES


def test_those_found_to_be_one_are_made_one_and_undone_on_request(
    at_desk, record, proposal, client
) -> None:
    desk = at_desk("records_officer")
    kept, retired = proposal.person, proposal.other
    decide(desk, proposal, f"keep:{kept.pk}")
    for _again in range(2):  # a job may be done twice
        jobs.make_one.here(at=NOW, proposal_id=proposal.pk, kept_id=kept.pk)
    merger = Merger.objects.get()
    led = desk.get(reverse("people:child", args=[retired.pk]))
    assert led.url == reverse("people:child", args=[kept.pk])
    found = search(record.user("records_officer"), Sought(retired.pk), on=ON)
    assert [one.person.pk for one in found] == [kept.pk]

    address = reverse("matching:merger", args=[merger.pk])
    page = desk.get(address).content.decode()
    submission = page.split('name="submission" value="')[1].split('"')[0]
    desk.post(address, {"because": "They are cousins", "submission": submission})
    jobs.make_two.here(at=NOW, merger_id=merger.pk)
    assert merging.successor_of(retired.pk) is None
    assert Proposal.objects.get().decision == Proposal.Decision.DIFFERENT


@pytest.mark.parametrize(("decision", "waits"), [("different", False), ("asked", True)])
def test_what_is_decided_is_kept(at_desk, proposal, decision, waits) -> None:
    desk = at_desk("records_officer")
    decide(desk, proposal, decision)
    proposal.refresh_from_db()
    assert (proposal.decision, proposal.because) == (decision, "I rang the school")
    listed = desk.get(reverse("matching:duplicates")).content.decode()
    assert ("Penhalwick" in listed) is waits


def test_the_two_are_told_in_the_words_of_their_own_pages(at_desk, record, proposal) -> None:
    Person.objects.filter(pk=proposal.person_id).update(sex="M", ethnicity="WBRI")
    who = {"recorded_at": NOW, "recorded_by": record.user("records_officer")}
    for confidential, postcode in ((True, "QA1 1AA"), (False, "QB2 2BB")):
        Address.objects.create(
            person=proposal.person, postcode=postcode, is_confidential=confidential, **who
        )
    asked: list[int] = []
    desk = at_desk("records_officer")
    address = reverse("matching:compare", args=[proposal.pk])
    asked.append(queries_of(desk, address))
    page = desk.get(address).content.decode()
    for said in ("Male", "White British", "QB2 2BB", "Legal name".lower()):
        assert said in page, said
    for code in ("WBRI", "QA1 1AA"):
        assert code not in page, code
    assert asked[0] <= MOST_QUERIES


def test_every_page_of_a_person_retired_leads_to_the_one_kept(at_desk, record, proposal) -> None:
    kept, retired = proposal.person, proposal.other
    by = record.user("records_officer")
    merging.merge(by=by, at=NOW, kept=kept, retired=retired, because="One boy, met twice")
    for role in ("records_officer", "front_door_worker", "social_worker"):
        desk = at_desk(role)
        for page in ("people:child", "people:details", "people:family", "chronology:page"):
            led = desk.get(reverse(page, args=[retired.pk]))
            assert led.headers["Location"] == reverse(page, args=[kept.pk]), (role, page)
    restrict(kept, by=by, at=NOW, because="Adoption is planned")
    for role in ("front_door_worker", "front_door_manager"):
        led = at_desk(role).get(reverse("people:child", args=[retired.pk]))
        assert led.status_code == 404, "no trace, even of its having been merged"


def test_a_decision_that_cannot_be_carried_out_waits_again_and_is_told_of(
    at_desk, record, proposal
) -> None:
    desk, by = at_desk("records_officer"), record.user("records_officer")
    decide(desk, proposal, f"keep:{proposal.person_id}")
    struck = {"struck_out_at": NOW, "struck_out_by": by, "struck_out_because": "Never was"}
    Person.objects.filter(pk=proposal.other_id).update(**struck)
    jobs.make_one.here(at=NOW, proposal_id=proposal.pk, kept_id=proposal.person_id)
    proposal.refresh_from_db()
    assert (proposal.decision, Merger.objects.count()) == (Proposal.Decision.OPEN, 0)
    assert Notice.objects.get(to=by).about == {"proposal_id": proposal.pk}


def test_what_was_merged_is_listed_and_says_how_it_stands(at_desk, record, proposal) -> None:
    desk, by = at_desk("records_officer"), record.user("records_officer")
    address = reverse("matching:mergers")
    assert "No two records have been made one." in desk.get(address).content.decode()
    merger = merging.merge(
        by=by, at=NOW, kept=proposal.person, retired=proposal.other, because="One boy"
    )
    assert "One record" in desk.get(address).content.decode()
    record.contact(proposal.person, at=NOW)
    page = reverse("matching:merger", args=[merger.pk])
    assert "<li>Contacts: 1</li>" in desk.get(page).content.decode(), "written since"
    assert queries_of(desk, page) <= MOST_QUERIES
    actions.ask_to_undo(by=by, at=NOW, merger=merger, because="Cousins")
    assert "Being undone" in desk.get(address).content.decode()
    jobs.make_two.here(at=NOW, merger_id=merger.pk)
    assert "Two records again" in desk.get(address).content.decode()


def test_those_who_do_not_decide_are_told_who_does(at_desk, proposal) -> None:
    desk = at_desk("social_worker")
    assert desk.get(reverse("matching:duplicates")).status_code == 403


def test_the_role_that_serves_pages_cannot_merge(record, proposal) -> None:
    user, kept, retired = record.user("records_officer"), proposal.person, proposal.other
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE harbourlight_app")
    with pytest.raises(merging.NotTheOwner):
        merging.merge(by=user, at=NOW, kept=kept, retired=retired, because="One")

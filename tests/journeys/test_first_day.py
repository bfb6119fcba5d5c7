"""The first day: what a newcomer does with the README in hand, told as a story in a browser.

Two children of one family are recorded, somebody makes contact, a manager decides, one child is
referred, assessed, returned, authorised; and at each step what is due changes on the child's page.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from harbourlight.record.live_ledger.keeping import differences
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.people.models import Person
from harbourlight.record.workforce.models import Professional, Team
from harbourlight.standards.calendar import add_working_days
from harbourlight.ui.formats import date_in_words
from tests.browsing import arrive_by, follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Story:
    """The cast, each at a desk of their own, and what they see and do there."""

    def __init__(
        self,
        open_page: Callable[..., Page],
        sign_in: Callable[..., None],
        account: Callable[..., Any],
        look: Callable[[Page, str], None],
    ) -> None:
        self.look = look
        door = Team.objects.create(name="Front Door")
        long_term = Team.objects.create(name="Harbour Team")
        self.desks: dict[str, Page] = {}
        for role, name, team in (
            ("front_door_worker", "Fay Doorley", door),
            ("front_door_manager", "Mo Gatewell", door),
            ("social_worker", "Sol Westing", long_term),
            ("team_manager", "Tam Overley", long_term),
            ("performance_analyst", "Pat Figgis", None),
        ):
            person = Professional.objects.create(name=name, team=team) if team else None
            user = account(
                role,
                full_name=name,
                team_id=team.pk if team else None,
                professional_id=person.pk if person else None,
            )
            desk = open_page()
            sign_in(desk, user)
            self.desks[role] = desk

    def at(self, role: str) -> Page:
        return self.desks[role]

    # ---- the front door worker ----

    def a_worker_looks_for_a_child_who_is_not_known(self) -> None:
        desk = self.at("front_door_worker")
        follow(desk, "Find a person")
        desk.get_by_label("Name, and anything else you know").fill("Ottilie Brackenshaw")
        press(desk, "Find")
        expect(desk.get_by_role("main")).to_contain_text("Nobody")
        assert "Ottilie" not in desk.url
        self.look(desk, "Find a person")

    def and_adds_two_children_of_one_family_in_one_go(self) -> None:
        desk = self.at("front_door_worker")
        press(desk, "Add this person")
        self._person(desk, 0, "Ottilie", "Brackenshaw", (14, 6, 2019))
        desk.get_by_role("button", name="Add another").click()
        expect(desk.get_by_role("textbox", name="First name")).to_have_count(2)
        self._person(desk, 1, "Wilfred", "Brackenshaw", (2, 11, 2022))
        self.look(desk, "Add people")
        press(desk, "Add", exact=True)
        expect(desk.get_by_role("main")).to_contain_text("Wilfred")

    def _person(self, desk: Page, place: int, first: str, last: str, born: Any) -> None:
        desk.get_by_role("textbox", name="First name").nth(place).fill(first)
        desk.get_by_role("textbox", name="Surname").nth(place).fill(last)
        for name, value in zip(("Day", "Month", "Year"), born, strict=True):
            desk.get_by_role("textbox", name=name, exact=True).nth(place).fill(str(value))
        desk.get_by_role("radio", name="Male", exact=True).nth(place).check()

    def nothing_is_due_for_the_children_yet(self) -> None:
        self.ottilie = Person.objects.get(forename="Ottilie")
        self.wilfred = Person.objects.get(forename="Wilfred")
        desk = self.at("front_door_worker")
        desk.goto(f"/people/{self.ottilie.pk}/")
        expect(desk.get_by_role("main")).to_contain_text("Nothing is due for Ottilie Brackenshaw")
        self.look(desk, "Ottilie Brackenshaw: overview")

    def a_school_makes_contact_about_both(self) -> None:
        desk = self.at("front_door_worker")
        press(desk, "Record a contact")
        desk.get_by_label("Wilfred Brackenshaw").check()
        desk.get_by_label("Who made contact").select_option(label="School")
        desk.get_by_label("Name of the agency or person").fill("Example Primary School")
        desk.get_by_label("What was said").fill("Ottilie said that home is loud at night.")
        self.look(desk, "Record a contact")
        press(desk, "Record the contact")
        expect(desk.get_by_role("main")).to_contain_text("Waiting for a manager’s decision")
        self.received = timezone.localdate()

    def a_decision_is_now_due_within_one_working_day(self) -> None:
        desk = self.at("front_door_worker")
        desk.goto(f"/people/{self.ottilie.pk}/")
        main = desk.get_by_role("main")
        expect(main).to_contain_text("Decision within one working day")
        expect(main).to_contain_text(date_in_words(add_working_days(self.received, 1)))
        expect(main).to_contain_text("Children in need census")

    # ---- the front door manager ----

    def the_manager_sees_the_contact_waiting_and_decides(self) -> None:
        desk = self.at("front_door_manager")
        desk.goto("/my-work/")
        expect(desk.get_by_role("main")).to_contain_text("Ottilie Brackenshaw")
        self.look(desk, "My work")
        desk.goto("/contacts/")
        self.look(desk, "Contacts")
        follow(desk, re.compile("Ottilie Brackenshaw"))
        press(desk, "Decide")
        desk.get_by_label("Reasons for every child").fill("A pattern of three reports.")
        referred = desk.get_by_role("region", name=re.compile("Ottilie"))
        referred.get_by_label("Statutory help and protection").check()
        referred.get_by_label("Referral to children's social care").check()
        referred.get_by_label("Primary need").select_option(label="Abuse, neglect and exploitation")
        referred.get_by_role("combobox", name="Team").select_option(label="Harbour Team")
        referred.get_by_role("combobox", name=re.compile("^Worker")).select_option(
            label="Sol Westing, Harbour Team"
        )
        helped = desk.get_by_role("region", name=re.compile("Wilfred"))
        helped.get_by_label("Early help").nth(0).check()
        helped.get_by_label("Information or advice given").check()
        helped.get_by_label("Reasons for this child alone").fill("Seen at nursery and well.")
        self.look(desk, "Decide what happens now")
        press(desk, "Record the decision")
        expect(desk.get_by_role("main")).to_contain_text("The referral it became")

    def the_entries_say_decided_and_an_assessment_is_due(self) -> None:
        ottilie = Entry.objects.filter(child_id=self.ottilie.pk)
        decided = ottilie.filter(standard="REF-DEC")
        assert {entry.about for entry in decided} == {"contact", "referral"}
        assert all(entry.met_at for entry in decided)
        (assessment,) = ottilie.filter(standard="ASM-45")
        assert (assessment.about, assessment.met_at) == ("referral", None)
        assert assessment.due_at.date() == add_working_days(self.received, 45)
        wilfred = Entry.objects.filter(child_id=self.wilfred.pk)
        assert [(entry.standard, entry.about) for entry in wilfred] == [("REF-DEC", "contact")]
        assert differences() == []

    # ---- the social worker ----

    def the_social_worker_finds_it_in_my_work(self) -> None:
        desk = self.at("social_worker")
        desk.goto("/my-work/")
        main = desk.get_by_role("main")
        expect(main).to_contain_text("Ottilie Brackenshaw")
        expect(main).to_contain_text("Assessment within 45 working days")
        expect(main).to_contain_text(date_in_words(add_working_days(self.received, 45)))
        self.look(desk, "My work")

    def and_starts_writes_and_sends_an_assessment(self) -> None:
        desk = self.at("social_worker")
        arrive_by(desk.get_by_role("link", name=re.compile("Ottilie Brackenshaw")).first)
        desk.goto(f"/episodes/{self._episode()}/")
        self.look(desk, "Episode of need Open")
        press(desk, "Start an assessment")
        press(desk, "Start the assessment")
        expect(desk.get_by_role("main")).to_contain_text("Being written")
        press(desk, "Write the assessment")
        desk.get_by_role("radio", name="Yes").check()
        desk.get_by_label("The child’s own words").fill("I like it when it is quiet.")
        desk.get_by_label("Analysis").fill("The noise is arguments; she is frightened.")
        desk.get_by_label("Mental health: a parent or carer").check()
        self.look(desk, "Write the assessment")
        press(desk, "Save and go on to send")
        expect(desk.get_by_role("main")).to_contain_text("Nothing here stops it")
        self.look(desk, "Send for authorisation")
        press(desk, "Send to the manager")
        expect(desk.get_by_role("main")).to_contain_text("With the manager")
        self.assessment = desk.url

    def _episode(self) -> str:
        return str(self.ottilie.episodes.get().pk)

    # ---- the team manager ----

    def the_manager_returns_it_and_then_authorises_it(self) -> None:
        desk = self.at("team_manager")
        desk.goto("/team/")
        expect(desk.get_by_role("main")).to_contain_text("Ottilie Brackenshaw")
        self.look(desk, "Harbour Team")
        desk.goto(self.assessment)
        self.look(desk, "Assessment With the manager")
        press(desk, "Authorise or return")
        desk.get_by_label("Return it to the worker").check()
        press(desk, "Record the decision")
        expect(desk.get_by_role("alert")).to_contain_text("Say what the worker should do")
        desk.get_by_label("Comment").fill("What does her father say?")
        press(desk, "Record the decision")
        expect(desk.get_by_role("main")).to_contain_text("Returned")

        worker = self.at("social_worker")
        worker.goto("/my-work/")
        expect(worker.get_by_role("main")).to_contain_text("What does her father say?")
        worker.goto(self.assessment)
        press(worker, "Write the assessment")
        worker.get_by_label("Family’s views").fill("Her father has moved out and is sorry.")
        press(worker, "Save and go on to send")
        press(worker, "Send to the manager")

        desk.goto(self.assessment)
        press(desk, "Authorise or return")
        desk.get_by_label("Authorise it").check()
        press(desk, "Record the decision")
        expect(desk.get_by_role("main")).to_contain_text("Authorised in time")
        self.look(desk, "Assessment Authorised")

    def the_entry_is_met_and_nothing_more_is_due(self) -> None:
        (entry,) = Entry.objects.filter(child_id=self.ottilie.pk, standard="ASM-45")
        assert (entry.about, entry.met_at.date()) == ("assessment", timezone.localdate())
        desk = self.at("social_worker")
        desk.goto(f"/people/{self.ottilie.pk}/")
        expect(desk.get_by_role("main")).to_contain_text("Nothing is due for Ottilie Brackenshaw")
        follow(desk, "Chronology")
        expect(desk.get_by_role("main")).to_contain_text("Assessment")
        self.look(desk, "Chronology")
        assert differences() == []

    # ---- the analyst ----

    def the_analyst_opens_the_children_behind_a_number(self) -> None:
        # So that the month of the decision has passed: the running month is not counted yet.
        desk = self.at("performance_analyst")
        desk.goto("/board/")
        expect(desk.get_by_role("main")).to_contain_text("Decision within one working day")
        self.look(desk, "Board")
        desk.goto("/board/REREF-12M/")
        self.look(desk, "Re-referral within 12 months")
        desk.goto(f"/board/REREF-12M/{timezone.localdate():%Y-%m}/")
        expect(desk.get_by_role("main")).to_contain_text("Ottilie Brackenshaw")
        self.look(desk, f"{timezone.localdate():%B %Y}")


def test_a_newcomer_takes_a_child_from_a_contact_to_an_authorised_assessment(
    open_page: Callable[..., Page],
    sign_in: Callable[..., None],
    account: Callable[..., Any],
    look: Callable[[Page, str], None],
) -> None:
    story = Story(open_page, sign_in, account, look)
    story.a_worker_looks_for_a_child_who_is_not_known()
    story.and_adds_two_children_of_one_family_in_one_go()
    story.nothing_is_due_for_the_children_yet()
    story.a_school_makes_contact_about_both()
    story.a_decision_is_now_due_within_one_working_day()
    story.the_manager_sees_the_contact_waiting_and_decides()
    story.the_entries_say_decided_and_an_assessment_is_due()
    story.the_social_worker_finds_it_in_my_work()
    story.and_starts_writes_and_sends_an_assessment()
    story.the_manager_returns_it_and_then_authorises_it()
    story.the_entry_is_met_and_nothing_more_is_due()
    story.the_analyst_opens_the_children_behind_a_number()

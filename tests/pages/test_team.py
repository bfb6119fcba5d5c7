"""The team's work: who has what late, what nobody holds, and whose team may be looked at."""

from datetime import timedelta
from typing import Any

import pytest

from harbourlight.foundation.history.models import Event
from harbourlight.record.assessment import actions as assessment
from harbourlight.record.episodes import actions as episodes
from harbourlight.record.workforce.models import Professional, Team
from tests.pages.reading import links, rows, section
from tests.pages.service import (
    DUE_2_DAYS_AGO,
    DUE_IN_3_DAYS,
    DUE_IN_6_DAYS,
    NOW,
    Service,
)


@pytest.fixture
def harbour(service: Service) -> Service:
    """Una has two late and one soon, Sol one late; Ned's team is another."""
    for name, on, worker in (
        ("Amy Late", DUE_2_DAYS_AGO, "Una East"),
        ("Ben Late", DUE_2_DAYS_AGO, "Una East"),
        ("Cat Soon", DUE_IN_3_DAYS, "Una East"),
        ("Dan Late", DUE_2_DAYS_AGO, "Sol West"),
        ("Eve Later", DUE_IN_6_DAYS, "Sol West"),
    ):
        service.referred(name, on, team="Harbour", to=worker)
    service.referred("Gus Other", DUE_2_DAYS_AGO, team="Lantern", to="Ned North")
    return service


def test_workers_come_by_how_much_is_late_and_the_idle_last(harbour: Service, see: Any) -> None:
    page = see(harbour.users["Tam Over"], "/team/")
    # worker, children, late, due in five working days, due later
    assert rows(page, "workers") == [
        ["Una East", "3", "2", "1", "0"],
        ["Sol West", "2", "1", "0", "1"],
        ["Tam Over", "0", "0", "0", "0"],
    ]


def test_a_count_leads_to_the_same_number_of_duties(harbour: Service, see: Any) -> None:
    manager = harbour.users["Tam Over"]
    address = links(see(manager, "/team/"))["Una East"]
    page = see(manager, address)
    assert [row[0] for row in rows(page, "late")] == ["Amy Late", "Ben Late"]
    assert [row[0] for row in rows(page, "soon")] == ["Cat Soon"]
    assert rows(page, "later") == []


def test_a_case_nobody_holds_is_listed_until_it_is_allocated(harbour: Service, see: Any) -> None:
    manager = harbour.users["Tam Over"]
    episode = harbour.referred("Fox Nobody", DUE_IN_3_DAYS, team="Harbour", to=None)
    page = see(manager, "/team/")
    assert [row[0] for row in rows(page, "unallocated")] == ["Fox Nobody"]
    assert links(page)["Allocate Fox Nobody"] == f"/episodes/{episode.pk}/allocate/"
    assert ["Not with any worker", "0", "0", "1", "0"] in rows(page, "workers")
    assert "Fox Nobody" in section(see(manager, links(page)["Not with any worker"]), "soon")

    episodes.allocate(
        by=manager,
        at=NOW,
        episode=episode,
        team=harbour.teams["Harbour"],
        worker=harbour.workers["Sol West"],
        on=NOW.date(),
    )
    page = see(manager, "/team/")
    assert "Every open case of this team has a worker." in section(page, "unallocated")
    assert "Not with any worker" not in section(page, "workers")


def test_a_case_follows_the_worker_it_is_given_to(harbour: Service, see: Any) -> None:
    given = harbour.child("Amy Late").episodes.get()
    episodes.allocate(
        by=harbour.users["Tam Over"],
        at=NOW,
        episode=given,
        team=harbour.teams["Lantern"],
        worker=harbour.workers["Ned North"],
        on=NOW.date(),
    )
    assert ["Una East", "2", "1", "1", "0"] in rows(
        see(harbour.users["Tam Over"], "/team/"), "workers"
    )
    assert ["Ned North", "2", "2", "0", "0"] in rows(
        see(harbour.users["Lou Lamp"], "/team/"), "workers"
    )


def test_what_is_sent_to_the_manager_waits_on_the_team_page(harbour: Service, see: Any) -> None:
    held = harbour.assessed(
        harbour.child("Amy Late").episodes.get(), started=DUE_2_DAYS_AGO, by="Una East"
    )
    assessment.send_for_authorisation(
        held, by=harbour.users["Una East"], at=NOW - timedelta(minutes=5)
    )
    page = see(harbour.users["Tam Over"], "/team/")
    assert [row[:3] for row in rows(page, "authorise")] == [
        ["Amy Late", "Una East", "18 March 2026 at 9:55am 5 minutes ago"]
    ]
    (event,) = Event.objects.filter(kind=Event.Kind.READ)
    assert (event.name, event.children) == ("team:list", [harbour.child("Amy Late").pk])


def test_one_who_has_left_is_listed_only_while_work_is_in_their_name(
    harbour: Service, see: Any
) -> None:
    for name in ("Una East", "Tam Over"):
        Professional.objects.filter(pk=harbour.workers[name].pk).update(left=True)
    found = [row[0] for row in rows(see(harbour.users["Tam Over"], "/team/"), "workers")]
    assert found == ["Una East", "Sol West"]


# ---- Whose team ---------------------------------------------------------------------------------


def test_a_manager_may_look_at_the_teams_beneath_theirs_and_no_other(
    harbour: Service, see: Any, client: Any
) -> None:
    service_manager = harbour.joins("Sam Head", "team_manager", "Safeguarding")
    Team.objects.filter(name="Harbour").update(parent=harbour.teams["Safeguarding"])
    harbour.teams["Crew"] = Team.objects.create(name="Crew", parent=harbour.teams["Harbour"])
    page = see(service_manager, "/team/")
    offered = [option.text for option in page_options(page)]
    assert offered == ["Select one", "Safeguarding", "Crew", "Harbour"]
    beneath = harbour.teams["Harbour"].pk
    assert len(rows(see(service_manager, f"/team/?team={beneath}"), "workers")) == 3
    for address in (
        f"/team/?team={harbour.teams['Lantern'].pk}",
        f"/team/{harbour.workers['Ned North'].pk}/?team={harbour.teams['Lantern'].pk}",
        "/team/?team=NOSUCHTEAM",
    ):
        assert client.get(address).status_code == 404, address


def test_teams_that_are_each_part_of_the_other_do_not_hang_the_page(
    harbour: Service, see: Any
) -> None:
    Team.objects.filter(name="Harbour").update(parent=harbour.teams["Lantern"])
    Team.objects.filter(name="Lantern").update(parent=harbour.teams["Harbour"])
    page = see(harbour.users["Tam Over"], "/team/")
    assert [option.text for option in page_options(page)][1:] == ["Harbour", "Lantern"]


def test_one_whose_account_names_no_team_chooses_one(harbour: Service, see: Any) -> None:
    anyone = harbour.joins("Roy Roam", "team_manager", None)
    page = see(anyone, "/team/")
    assert "Choose a team to see its work" in page.content.decode()
    chosen = harbour.teams["Lantern"].pk
    assert [row[0] for row in rows(see(anyone, f"/team/?team={chosen}"), "workers")] == [
        "Ned North",
        "Lou Lamp",
    ]


def test_with_no_team_held_at_all_the_page_says_so(see: Any, account: Any) -> None:
    assert "No team is held yet" in see(account("team_manager"), "/team/").content.decode()


def page_options(page: Any) -> list[Any]:
    """The teams offered."""
    from tests.pages.reading import main_of

    return list(main_of(page).xpath("//select[@name='team']/option"))

"""Notices about children: for whoever may still know of the child, and nobody else."""

import pytest

from harbourlight.record.confidentiality import actions
from harbourlight.record.confidentiality.models import Restriction
from tests.record.families import NOW

pytestmark = pytest.mark.django_db
SAYS = "Somebody opened a record you are answerable for"


def test_what_one_was_told_of_a_child_is_gone_while_one_may_not_know_of_them(
    record, at_desk
) -> None:
    child = record.child("Maya Thornwick")
    by, because = record.user("social_worker"), "The school rang: nobody has come for her."
    desk = at_desk("team_manager")
    actions.open_record(child, by=by, at=NOW, because=because)
    assert SAYS in desk.get("/notices/").text
    officer = record.user("records_officer")
    actions.restrict(child, by=officer, at=NOW, because="An adoption is planned.")
    page = desk.get("/notices/").text
    assert SAYS not in page
    assert "You have no notices" in page
    actions.lift(Restriction.objects.get(), by=officer, at=NOW, because="It is not planned now.")
    assert SAYS in desk.get("/notices/").text

"""Every address, for every role and class of record, answers as its reviewed cell decides."""

import datetime
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from harbourlight.foundation.access import ROLES
from harbourlight.foundation.drafts.models import Draft
from harbourlight.foundation.notices.models import Notice
from harbourlight.foundation.sign_ins.models import SignIn
from harbourlight.record.census import folder
from harbourlight.record.census.models import Census, CheckedFile
from harbourlight.record.confidentiality.actions import TOLD
from harbourlight.record.confidentiality.jobs import remind
from tests.access import cells
from tests.record.confidentiality.classes import NOW

pytestmark = pytest.mark.django_db

RECORDS = ("mine", "teams", "other", "restricted")


@pytest.fixture
def things(service: Any) -> cells.Things:
    """What each address is asked with."""
    una = service.users["Una East"]  # who is nobody in the table: what is hers is another's
    sign_in = SignIn.objects.create(
        user=una, at=NOW, seen_at=NOW, session_key="", browser_hash="", device="", means=""
    )
    draft = Draft.objects.create(
        owner=una, submission=uuid4(), address="/people/add/", begun_at=NOW, saved_at=NOW
    )
    notice = Notice.objects.create(to=una, kind=TOLD, about={}, at=NOW)
    census = Census.objects.create(year=2026, made_at=NOW, file=folder.keep([b"<Message/>"]))
    given = CheckedFile.objects.create(
        by=una, given_at=NOW, removed_on=NOW.date(), name="hers.xml", size=1
    )
    others = {
        "account_id": una.pk,
        "census:year": census.year,
        "code": "ASM-45",
        "draft_id": draft.pk,
        "file_id": given.pk,
        "first": datetime.date(2026, 2, 1),
        "instruments:code": "visit",
        "instruments:number": 1,
        "instruments:question_name": "where",
        "instruments:section": "the_visit",
        "job_id": remind.later(),
        "job_name": remind.name,
        "notice_id": notice.pk,
        "pk": 1,
        "questionnaires:code": "visit",
        "sign_in_id": sign_in.pk,
        "token": "0" * 18,
        "worker_id": service.workers["Sol West"].pk,
    }
    by_class = {of: service.things["hidden" if of == "restricted" else of] for of in RECORDS}
    return cells.Things(by_class | service.walled, others)


class Drawn:
    """Stands for the drawing of a PDF, which takes longer than all else that is asked here."""

    def __init__(self, **given: Any) -> None:
        """Takes what WeasyPrint does."""

    def write_pdf(self, **given: Any) -> bytes:
        """A file with nothing in it."""
        return b"%PDF-1.7"


@pytest.fixture
def clients(service: Any) -> dict[str, Client]:
    """Somebody signed in with each role (a social worker and a manager of the Harbour team), and
    somebody who is not."""
    made = {cells.NOBODY: Client(raise_request_exception=False)}
    for role in ROLES:
        made[role.code] = Client(raise_request_exception=False)
        made[role.code].force_login(service.by_role[role.code])
        made[role.code].get(reverse("pages:standards"))  # writes down where they signed in, once
    return made


def test_every_address_answers_each_role_as_decided(
    things, clients, at_now, assured, long_form, monkeypatch
) -> None:
    """The long form asks every cell, by looking and by sending an empty form.

    `make test` trusts the guard of a view where it stands before the method and the record: a
    person it is not for looks once at each address, whosever the record.
    """
    monkeypatch.setattr("weasyprint.HTML", Drawn)
    # What a page says is for other tests: drawing 9,000 of them takes minutes.
    monkeypatch.setattr("django.template.backends.jinja2.Template.render", lambda *_: "")
    table, lacking, wrong, asked, expected = cells.read(), [], [], 0, set()
    for address in sorted(cells.addresses(), key=lambda one: one.name):
        seen: dict[str, str] = {}
        for of in cells.lines_of(address, things):
            expected.add((address.name, of))
            decided = table.get((address.name, of))
            given = things.given(address, of)
            for who, client in clients.items():
                stopped = who in seen and not address.is_for(who)
                if long_form or not stopped:
                    seen[who] = cells.look(client, address, given)
                    asked += 1
                if decided and decided[who] != seen[who]:
                    wrong.append(f"{address.name}, {of}, {who}: {decided[who]!r} was decided, "
                                 f"and {seen[who]!r} answered")  # fmt: skip
                if long_form or (address.is_for(who) and seen[who] != cells.OUTLINE):
                    sending = cells.send(client, address, given)
                    asked += 1
                    if not cells.may_follow(seen[who], sending):
                        wrong.append(f"{address.name}, {of}, {who}: looking is {seen[who]!r}, and "
                                     f"an empty form is answered {sending!r}")  # fmt: skip
            if decided is None:
                lacking.append(cells.line(address.name, of, seen))
    if "ACCESS_LINES" in os.environ:  # where to write what is lacking, to be reviewed
        Path(os.environ["ACCESS_LINES"]).write_text("\n".join(lacking), encoding="utf-8")
    assert wrong == [], "\n".join(wrong)
    assert lacking == [], (
        "docs/access.csv lacks these lines, given here as they are answered now. Decide each cell, "
        "then put the line in:\n" + "\n".join(lacking)
    )
    assert table.keys() == expected, "docs/access.csv has lines for addresses that are gone"
    assured(
        "access-table",
        f"{len(table)} lines of {len(cells.ASKERS)} cells, {asked:,} requests: 0 mismatches",
    )

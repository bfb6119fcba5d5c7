"""A service with something on every page: what the table of access asks about, and more besides."""

import uuid
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from procrastinate.contrib.django.models import ProcrastinateJob

from harbourlight.foundation.drafts.models import Draft
from harbourlight.foundation.instruments import actions as instruments
from harbourlight.foundation.instruments.shelf import as_it_came, codes
from harbourlight.foundation.jobs.models import Run
from harbourlight.foundation.notices.models import Notice
from harbourlight.record.census.models import CheckedFile
from harbourlight.record.confidentiality.actions import open_record
from harbourlight.record.documents import actions as documents
from harbourlight.record.documents.jobs import check_files
from harbourlight.record.people.actions import NewPerson, Related, add_people, relate
from harbourlight.record.people.models import (
    Address,
    ContactDetail,
    Disability,
    Identifier,
    NetworkMember,
    Person,
    PersonLanguage,
    PersonName,
    PersonWarning,
)
from harbourlight.record.questionnaires import actions as questionnaires
from tests.record.census import here
from tests.record.confidentiality.classes import NOW, Classes, service_of_classes

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
"""A word with no place to break, of the length that a page must bear."""
PDF = b"%PDF-1.7\n" + b"words " * 50


def whole_service() -> tuple[Classes, dict[str, Any]]:
    """Everybody and everything, and an identifier for each name that an address has."""
    made = service_of_classes()
    child, teams = made.people["mine"], made.people["teams"]
    sol, door = made.users["Sol West"], made.users["Fay Door"]
    today = NOW.date()
    fact = {"person": child, "recorded_at": NOW, "recorded_by": sol, "started_on": date(2020, 1, 1)}
    for more in ({"review_on": date(2025, 1, 1)}, {"kind": "animal"}):
        PersonWarning.objects.create(
            **fact | {"kind": "risk_to_workers", "words": f"A dog called {LONG}."} | more
        )
    name = PersonName.objects.create(**fact, kind="alias", forename=LONG, surname="Mine")
    Address.objects.create(**fact, lines=f"1 {LONG}\nHarbour", postcode="HL1 1AA")
    Address.objects.create(**fact, kind="other", lines="Hidden", is_confidential=True)
    ContactDetail.objects.create(**fact, value="07700 900000", is_safe="no", when_not="Evenings")
    PersonLanguage.objects.create(**fact, language="Welsh", needs_interpreter=True)
    Disability.objects.create(**fact, code="MOB", note=LONG)
    Identifier.objects.create(**fact, kind="nhs_number", value="9434765919")
    NetworkMember.objects.create(**fact, kind="school", organisation=LONG, name="Miss Rees")
    _, (mother, unborn) = add_people(
        by=door,
        at=NOW,
        people=[
            NewPerson(LONG, "Mine", place="parent"),
            NewPerson("", "Mine", expected_on=today + timedelta(days=90)),
        ],
        family=child.families.order_by("pk").first(),
    )
    (related,) = relate(child, [Related(mother, "parent_birth")], by=sol, at=NOW)
    (document,) = documents.add_documents(
        by=sol,
        at=NOW,
        children=[child],
        files=[documents.File(f"{LONG}.pdf", PDF)],
        kind="school",
        received_on=today,
        title=LONG,
    )
    visit = as_it_came("visit", today)
    assert visit is not None
    both = questionnaires.start(
        by=sol,
        at=NOW,
        instrument=visit,
        children=[child, teams],
        on=today,
        worker=made.workers["Sol West"],
    )
    reasons = {
        one.name: "It was not asked." for section in visit.sections for one in section.questions
    }
    for days in (30, 0):
        alone = questionnaires.start(
            by=sol,
            at=NOW - timedelta(days=days),
            instrument=visit,
            children=[child],
            on=today - timedelta(days=days),
            worker=made.workers["Sol West"],
        )
        questionnaires.finish(alone, {child.pk: reasons}, by=sol, at=NOW)
    draft = Draft.objects.create(
        owner=sol,
        submission=uuid.uuid4(),
        address=f"/people/{child.pk}/family/relate/",
        title="Add a relationship",
        typed={},
        begun_at=NOW,
        saved_at=NOW,
    )
    opening = open_record(
        made.people["other"], by=sol, at=NOW, because="The school rang about both children."
    )
    notice = Notice.objects.filter(read_at=None).first()
    check_files.later()
    job = ProcrastinateJob.objects.latest("pk")
    Run.objects.create(job_id=job.pk, attempt=1, started_at=NOW, done=1, total=3)
    manager = made.users["Tam Over"]
    Authenticator.objects.create(user=manager, type="totp", data={"secret": encrypt("A" * 32)})
    RecoveryCodes.activate(manager)
    for code in codes():
        instruments.begin_change(code, by=made.by_role["records_officer"], at=NOW)
    section = visit.sections[0]
    file = _censuses(made)
    return made, {
        "year": 2026,
        "file_id": file.pk,
        **made.things["granted"],
        **made.things["mine"],
        "person_id": child.pk,
        "child_id": child.pk,
        "member_id": child.families.order_by("pk").first().members.exclude(person=child).first().pk,
        "kind": "names",
        "fact_id": name.pk,
        "related": related.pk,
        "document_id": document.pk,
        "version_id": document.versions.get().pk,
        "response_id": both[0].pk,
        "finished": alone[0].pk,
        "occasion": both[0].occasion,
        "section": section.name,
        "own_section": visit.sections[1].name,
        "waiting": made.contact("Mira Mine", "Tess Teams", at=NOW - timedelta(hours=30)).pk,
        "question_name": section.questions[0].name,
        "draft_id": draft.pk,
        "opening_id": opening.pk,
        "notice_id": notice.pk if notice else 0,
        "job_id": job.pk,
        "job_name": "documents.check_files",
        "worker_id": made.workers["Sol West"].pk,
        "account_id": made.users["Una East"].pk,
        "code": "ASM-45",
        "instrument": "visit",
        "first": date(2026, 2, 1),
        "adult": mother.pk,
        "unborn": unborn.pk,
        "other": made.people["other"].pk,
        "restricted": made.people["granted"].pk,
        "others": made.referred("Ola Others", today, team="Lantern", to="Ned North").child_id,
    }


def _censuses(made: Classes) -> CheckedFile:
    """A census with things to mend of every kind, made twice, and another system's file."""
    Person.objects.filter(pk=made.people["mine"].pk).update(ethnicity="WBRI", sex="F")
    here.make(NOW - timedelta(days=1))
    here.make(NOW)
    header = b"<Header><CollectionDetails><Year>2026</Year></CollectionDetails></Header>"
    child = f"<Child><ChildIdentifiers><LAchildID>{LONG}</LAchildID></ChildIdentifiers></Child>"
    whole = b"<Message>%s<Children>%s</Children></Message>" % (header, child.encode())
    officer = made.by_role["records_officer"]
    return here.given(whole, by=officer, at=NOW, name=f"{LONG}.xml")


def person_named(name: str) -> Person:
    """A person of the service, by forename."""
    return Person.objects.get(forename=name)

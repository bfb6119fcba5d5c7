"""Documents: added whole or not at all, opened by those who may, never run or altered unseen."""

import os
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from harbourlight.foundation.actions import Refused
from harbourlight.foundation.documents import keeping
from harbourlight.foundation.history.models import Event
from harbourlight.record.documents import actions, jobs
from harbourlight.record.documents.actions import File
from harbourlight.record.documents.models import Document, Version
from harbourlight.record.documents.selectors import visible_to
from harbourlight.record.people.chronology import chronology
from tests.pages.reading import main_of, text_of
from tests.record.families import MOST_QUERIES, NOW, moment, queries_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"words " * 50


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of the test's own for the files."""
    monkeypatch.setattr(settings, "DOCUMENTS", tmp_path / "documents")
    return settings.DOCUMENTS


@pytest.fixture
def child(record):
    return record.child("Maya Thornwick")


def added(record, *children, content=PDF, **more):
    by = record.user("front_door_worker")
    return actions.add_documents(
        by=by, at=NOW, children=children, files=[File("a_letter.pdf", content)],
        kind="letter", received_on=date(2026, 3, 2), **more,
    )  # fmt: skip


def sent(*files, **more):
    return {
        "files": [SimpleUploadedFile(name, content) for name, content in files],
        "kind": "letter",
        "received_on-day": "2",
        "received_on-month": "3",
        "received_on-year": "2026",
        "submission": str(uuid4()),
        **more,
    }


def test_files_are_added_and_opened_and_both_are_written_down(record, at_desk, child) -> None:
    desk = at_desk("front_door_worker")
    assert "No document has been added" in desk.get(f"/documents/of/{child.pk}/").text
    files = (("School report.pdf", PDF), ("note.txt", b"They came cold."))
    form = sent(*files)
    answer = desk.post(f"/documents/of/{child.pk}/add/", form)
    assert answer.status_code == 302, text_of(main_of(answer))
    for one in form["files"]:
        one.seek(0)
    desk.post(f"/documents/of/{child.pk}/add/", form)  # pressed twice
    assert Document.objects.count() == 2
    words = desk.get(f"/documents/of/{child.pk}/").text
    assert "School report" in words
    version = Version.objects.get(media_type="application/pdf")
    opened = desk.get(f"/documents/files/{version.pk}/")
    assert opened.content == PDF
    read = Event.objects.filter(name="document:open").get()
    assert read.children == [child.pk]
    assert read.subjects["version"] == version.pk


def test_a_file_is_never_given_as_something_that_runs(record, at_desk, child) -> None:
    added(record, child, content=b"plain <script>words</script>")
    answer = at_desk("front_door_worker").get(f"/documents/files/{Version.objects.get().pk}/")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_refused_file_leaves_nothing_and_says_why(record, at_desk, child) -> None:
    files = (("ok.pdf", PDF), ("page.html", b"<html><script>x()</script>"))
    answer = at_desk("front_door_worker").post(f"/documents/of/{child.pk}/add/", sent(*files))
    assert "page.html: This file is a web page" in text_of(main_of(answer))
    assert not Document.objects.exists()
    assert not [*keeping.kept(folder=settings.DOCUMENTS)]


def test_a_save_that_fails_leaves_no_row_and_the_job_removes_its_file(
    record, child, folder, monkeypatch
) -> None:
    def fail(*args, **more):
        raise ZeroDivisionError

    with monkeypatch.context() as failing:
        failing.setattr(actions, "_version", fail)
        with pytest.raises(ZeroDivisionError):
            added(record, child)
    assert not Document.objects.exists()
    [left] = keeping.kept(folder=folder)
    os.utime(left, (NOW.timestamp(),) * 2)
    jobs.remove_unnamed.here(at=NOW + timedelta(hours=1))
    assert left.exists()  # somebody may be saving it
    jobs.remove_unnamed.here(at=NOW + timedelta(days=2))
    assert not left.exists()


def test_files_lie_under_their_checksum_for_their_owner_alone(record, child, folder) -> None:
    added(record, child)
    [path] = keeping.kept(folder=folder)
    assert path.name == Version.objects.get().checksum
    assert path.stat().st_mode & 0o777 == 0o600
    jobs.remove_unnamed.here(at=NOW + timedelta(days=9000))
    assert path.exists()  # a document names it


def test_a_file_altered_on_the_disk_is_not_given_and_is_found(
    record, at_desk, child, folder, assured
) -> None:
    added(record, child)
    jobs.check_files.here(at=NOW)
    [path] = keeping.kept(folder=folder)
    path.write_bytes(PDF.replace(b"words", b"wards", 1))
    with pytest.raises(keeping.Altered):
        at_desk("front_door_worker").get(f"/documents/files/{Version.objects.get().pk}/")
    with pytest.raises(jobs.DocumentsAltered):
        jobs.check_files.here(at=NOW)
    assured("documents-altered", "1 letter changed of 309: not given, and found")


def test_a_new_version_keeps_the_older_and_the_same_file_is_no_new_version(record, child) -> None:
    [document] = added(record, child)
    by = record.user("front_door_worker")
    with pytest.raises(Refused, match="held already"):
        actions.add_version(document, by=by, at=NOW, file=File("again.pdf", PDF))
    actions.add_version(document, by=by, at=NOW, file=File("newer.pdf", PDF + b"more"))
    assert [*document.versions.values_list("number", flat=True)] == [2, 1]


def test_what_the_scanner_finds_is_held_back(record, at_desk, child, monkeypatch) -> None:
    monkeypatch.setattr(settings, "DOCUMENT_SCANNER", "false")
    [document] = added(record, child)
    version = document.versions.get()
    assert version.scan == Version.Scan.FOUND
    desk = at_desk("front_door_worker")
    assert desk.get(f"/documents/files/{version.pk}/").status_code == 403
    assert "Held back" in desk.get(f"/documents/{document.pk}/").text


def test_a_document_for_the_wrong_child_is_moved_with_the_reason(record, at_desk, child) -> None:
    other = record.child("Theo Marram")
    [document] = added(record, child)
    desk = at_desk("records_officer")
    form = {"child": other.pk, "because": "It was about Theo.", "submission": str(uuid4())}
    assert desk.post(f"/documents/{document.pk}/move/", form).status_code == 302
    document.refresh_from_db()
    assert document.child_id == other.pk
    with pytest.raises(Refused):
        actions.move(document, to=other, by=record.user("records_officer"), at=NOW, because="again")


def test_one_struck_out_leaves_the_lists_and_its_file_is_not_opened(record, at_desk, child) -> None:
    [document] = added(record, child)
    desk = at_desk("records_officer")
    form = {"because": "Another authority's.", "submission": str(uuid4())}
    assert desk.post(f"/documents/{document.pk}/strike-out/", form).status_code == 302
    assert "No document has been added" in desk.get(f"/documents/of/{child.pk}/").text
    assert desk.get(f"/documents/files/{document.versions.get().pk}/").status_code == 403
    assert not [one for one in chronology([child.pk]) if one.kind == "document"]


def test_a_document_behind_a_wall_is_nobodys_else(record, at_desk, child) -> None:
    by = record.user("designated_officer")
    with pytest.raises(Refused, match="this area"):
        added(record, child, area="allegations")
    [document] = actions.add_documents(
        by=by, at=NOW, children=[child], files=[File("x.pdf", PDF)], kind="report",
        received_on=date(2026, 3, 2), area="allegations",
    )  # fmt: skip
    version = document.versions.get()
    for role in ("front_door_worker", "records_officer", "exploitation_coordinator"):
        assert document not in visible_to(record.user(role))
        desk = at_desk(role)
        assert desk.get(f"/documents/{document.pk}/").status_code == 404
        assert desk.get(f"/documents/files/{version.pk}/").status_code == 404
        assert "No document has been added" in desk.get(f"/documents/of/{child.pk}/").text
    assert document in visible_to(by)
    assert not [one for one in chronology([child.pk]) if one.kind == "document"]


def test_brothers_and_sisters_have_one_each_and_the_file_is_kept_once(record, folder) -> None:
    children = record.rowans(3)
    documents = added(record, *children)
    assert {one.child_id for one in documents} == {one.pk for one in children}
    assert len({one.together for one in documents}) == 1
    assert len([*keeping.kept(folder=folder)]) == 1


def test_the_list_asks_no_more_of_the_database_for_more_documents(record, at_desk, child) -> None:
    for number in range(12):
        added(record, child, content=PDF + str(number).encode())
    desk = at_desk("front_door_worker")
    assert queries_of(desk, f"/documents/of/{child.pk}/") <= MOST_QUERIES


# ---- Letters and the record on paper ------------------------------------------------------------


@pytest.fixture
def rendered(monkeypatch):
    """What was made into PDF, as its words."""
    from harbourlight.foundation.documents import printing

    seen = []
    as_it_was = printing.render_to_string

    def render(*args):
        seen.append(as_it_was(*args))
        return seen[-1]

    monkeypatch.setattr(printing, "render_to_string", render)
    return seen


def test_a_letter_begins_from_the_child_and_is_put_on_the_record(record, at_desk, child) -> None:
    desk = at_desk("front_door_worker")
    address = f"/documents/of/{child.pk}/letter/?letter=closure"
    assert "We have finished our work with Maya Thornwick" in desk.get(address).text
    form = {"to": "Ms Reply\nExample School", "words": "Words. " * 40, "submission": str(uuid4())}
    answer = desk.post(address, form)
    assert answer.status_code == 302, text_of(main_of(answer))
    version = Version.objects.get()
    opened = desk.get(f"/documents/files/{version.pk}/")
    assert opened.content.startswith(b"%PDF-")
    assert version.document.title == "Notice that we have ended our work"


def test_no_confidential_address_is_printed_for_who_may_not_see_it(
    record, at_desk, child, rendered, assured
) -> None:
    from harbourlight.record.people.models import Address

    Address.objects.create(
        person=child, kind="home", lines="17 CANARY Street", postcode="ZE3 9ZZ",
        is_confidential=True, recorded_at=NOW, recorded_by=record.user("front_door_worker"),
    )  # fmt: skip
    desk = at_desk("front_door_worker")
    printed_pages = (
        f"/documents/of/{child.pk}/summary/",
        f"/documents/of/{child.pk}/record/",
        f"/people/{child.pk}/chronology/pdf/",
    )
    for page in printed_pages:
        assert desk.get(page)["Content-Type"] == "application/pdf"
    for letter in ("feedback", "closure", "plain"):
        address = f"/documents/of/{child.pk}/letter/?letter={letter}"
        form = {"to": "Ms Reply", "words": "Words.", "submission": str(uuid4())}
        assert "CANARY" not in desk.get(address).text
        assert desk.post(address, form).status_code == 302
    assert len(rendered) == 6
    for words in rendered:
        assert "Maya Thornwick" in words
        assert "CANARY" not in words
        assert "ZE3 9ZZ" not in words
    assured("printed-canary", f"{len(rendered)} kinds of print: in none")


def test_where_pdf_cannot_be_made_it_says_so_and_nothing_is_kept(
    record, at_desk, child, monkeypatch
) -> None:
    from harbourlight.foundation.documents.printing import CannotPrint
    from harbourlight.record.documents import letters, views

    def lacking(*args, **more):
        raise CannotPrint("This machine cannot make PDF.")

    monkeypatch.setattr(letters, "render_pdf", lacking)
    monkeypatch.setattr(views, "render_pdf", lacking)
    desk = at_desk("front_door_worker")
    form = {"to": "Ms Reply", "words": "Words.", "submission": str(uuid4())}
    answer = desk.post(f"/documents/of/{child.pk}/letter/", form)
    assert "This machine cannot make PDF." in text_of(main_of(answer))
    assert not Document.objects.exists()
    answer = desk.get(f"/documents/of/{child.pk}/summary/", follow=True)
    assert "This machine cannot make PDF." in text_of(main_of(answer))


def test_a_file_of_a_child_that_is_restricted_is_nobodys_who_may_not_know(
    record, at_desk, child
) -> None:
    from harbourlight.record.confidentiality.actions import restrict

    [document] = added(record, child)
    version = document.versions.get()
    pages = [
        f"/documents/files/{version.pk}/", f"/documents/{document.pk}/",
        f"/documents/of/{child.pk}/", f"/documents/of/{child.pk}/record/",
        f"/documents/of/{child.pk}/summary/", f"/people/{child.pk}/chronology/pdf/",
    ]  # fmt: skip
    desk = at_desk("front_door_worker")
    assert [desk.get(page).status_code for page in pages] == [200] * 6
    restrict(child, by=record.user("records_officer"), at=NOW, because="An adoption is planned.")
    assert [desk.get(page).status_code for page in pages] == [404] * 6
    # And one who may know of a child and does not work with them opens no file of theirs.
    other = record.child("Otto Thornwick")
    [theirs] = added(record, other)
    desk = at_desk("social_worker")
    assert desk.get(f"/documents/files/{theirs.versions.get().pk}/").status_code == 404
    assert not Event.objects.filter(name="document:open", children=[other.pk]).exists()


def test_a_file_added_in_error_as_a_newer_version_gives_way_to_the_one_before(
    record, at_desk, child
) -> None:
    [document] = added(record, child)
    by = record.user("front_door_worker")
    wrong = actions.add_version(document, by=by, at=NOW, file=File("b.pdf", PDF + b"x"))
    desk = at_desk("team_manager")
    address = f"/documents/files/{wrong.pk}/strike-out/"
    record.referred(child, at=moment(10))
    assert desk.get(address).status_code == 200
    sent = {"because": "It is another family's letter.", "submission": str(uuid4())}
    assert desk.post(address, sent).url == f"/documents/{document.pk}/"
    page = text_of(main_of(desk.get(f"/documents/{document.pk}/")))
    assert "Added in error: It is another family's letter." in page
    assert desk.get(f"/documents/files/{wrong.pk}/").status_code == 403
    first = document.versions.get(number=1)
    assert desk.get(f"/documents/files/{first.pk}/").content == PDF
    with pytest.raises(Refused, match="the only file"):
        actions.strike_out_version(first, by=by, at=NOW, because="Again.")


def test_the_whole_record_holds_all_that_is_written_and_nothing_behind_a_wall(
    record, at_desk, child, rendered
) -> None:
    from harbourlight.foundation.instruments.selectors import instrument_in_force
    from harbourlight.record.assessment.models import Assessment
    from harbourlight.record.questionnaires import actions as questionnaires

    record.decide(record.contact(child, at=moment(2), said="A bruise was seen."), at=moment(2, 12))
    episode = record.referred(child, at=moment(10))
    Assessment.objects.create(
        child=child, episode=episode, started_on=date(2026, 3, 11), worker=record.worker,
        analysis="She waits by the door.", recorded_at=NOW, recorded_by=None,
    )  # fmt: skip
    by = record.user("social_worker")
    for code, words in (("visit", "I like the boat."), ("exploitation", "CANARY")):
        one = instrument_in_force(code, date(2026, 3, 17))
        assert one is not None
        name = "own_words" if code == "visit" else "childs_view"
        [response] = questionnaires.start(
            by=by, at=NOW, instrument=one, children=[child], on=date(2026, 3, 17),
            worker=record.worker,
        )  # fmt: skip
        said = {name: words} | ({"seen": "yes"} if code == "visit" else {})
        asked = [one.questions[each] for each in said]
        seen = questionnaires.mark_of({}, asked)
        questionnaires.answer(response, said, asked, seen=seen, by=by, at=NOW)
        questionnaires.finish([response], {}, by=by, at=NOW)
    [document] = added(record, child)
    answer = at_desk("social_worker").get(f"/documents/of/{child.pk}/record/")
    assert answer.content.startswith(b"%PDF-")
    [words] = rendered
    for held in ("A bruise was seen.", "She waits by the door.", "I like the boat.",
                 document.versions.get().checksum, "Printed by Social Worker"):  # fmt: skip
        assert held in words
    assert "CANARY" not in words
    assert Event.objects.filter(name="child:record-printed", children=[child.pk]).count() == 1

"""History that is tampered with, by somebody who may do anything in the database, is found."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from harbourlight.cli import main
from harbourlight.foundation.history import jobs, sealing
from harbourlight.foundation.history.jobs import HistoryTamperedWith
from harbourlight.foundation.history.models import Event, Seal, SealedTable, record_reading
from harbourlight.foundation.history.rows import history_of
from harbourlight.foundation.history.sealing import Verified, seal, verify
from harbourlight.foundation.jobs import Work
from harbourlight.record.people.models import Family, Person
from tests.record.families import Record

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """The file of anchors is this test's own."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def three_seals(record: Record) -> list[str]:
    """Children added, and three seals over what was written of them."""
    children = []
    for name in ("Ash Sorrel", "Briar Sorrel", "Cress Sorrel"):
        children.append(record.child(name).pk)
        record_reading(
            name="child:page", by=record.user("team_manager"), at=AT, children=[children[-1]]
        )
        assert seal(at=AT) is not None
    assert verify().found == ()
    return children


def unguarded(*statements: str) -> None:
    """What somebody with the whole database in their hands could do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)


def of(child: str) -> Any:
    return history_of(Person).objects.get(id=child)


def change(children: list[str]) -> set[tuple[int, str, str, str]]:
    row = of(children[1])
    unguarded(f"UPDATE people_personhistory SET surname = 'Sorrem' WHERE pgh_id = {row.pk}")
    return {(2, "people_personhistory", str(row.pk), sealing.CHANGED)}


def change_whose_it_was(children: list[str]) -> set[tuple[int, str, str, str]]:
    line = Event.objects.filter(kind="read", children=[children[2]]).get()
    unguarded(f"UPDATE history_event SET children = '{{}}' WHERE id = {line.pk}")
    return {(3, "history_event", str(line.pk), sealing.CHANGED)}


def remove(children: list[str]) -> set[tuple[int, str, str, str]]:
    line = Event.objects.filter(kind="read", children=[children[0]]).get()
    unguarded(f"DELETE FROM history_event WHERE id = {line.pk}")
    return {(1, "history_event", str(line.pk), sealing.REMOVED)}


def forge(children: list[str]) -> set[tuple[int, str, str, str]]:
    old = of(children[0])
    unguarded(
        "INSERT INTO people_familyhistory (id, pgh_label, pgh_created_at, pgh_xid) "
        f"VALUES ('FORGED', 'insert', now(), {old.pgh_xid})"
    )
    row = history_of(Family).objects.get(id="FORGED")
    return {(1, "people_familyhistory", str(row.pk), sealing.FORGED)}


def forge_where_a_table_had_nothing(children: list[str]) -> set[tuple[int, str, str, str]]:
    old = of(children[2])
    unguarded(
        "INSERT INTO workforce_teamhistory (id, name, pgh_label, pgh_created_at, pgh_xid) "
        f"VALUES ('FORGED', 'Ghosts', 'insert', now(), {old.pgh_xid})"
    )
    (pk,) = [one.pk for one in Team_history().objects.filter(id="FORGED")]
    return {(3, "workforce_teamhistory", str(pk), sealing.FORGED)}


def Team_history() -> Any:  # noqa: N802 - stands for a class
    from harbourlight.record.workforce.models import Team

    return history_of(Team)


def move_to_another_time(children: list[str]) -> set[tuple[int, str, str, str]]:
    row, later = of(children[0]), of(children[2])
    unguarded(f"UPDATE people_personhistory SET pgh_xid = {later.pgh_xid} WHERE pgh_id = {row.pk}")
    return {
        (1, "people_personhistory", str(row.pk), sealing.REMOVED),
        (3, "people_personhistory", str(row.pk), sealing.FORGED),
    }


def change_and_mend_the_leaf(children: list[str]) -> set[tuple[int, str, str, str]]:
    row = of(children[1])
    unguarded(f"UPDATE people_personhistory SET surname = 'Sorrem' WHERE pgh_id = {row.pk}")
    sheet = SealedTable.objects.get(seal=2, table="people_personhistory")
    columns = ", ".join(f'"{column}"' for column in sheet.columns)
    unguarded(
        "SET LOCAL TimeZone = 'UTC'",
        "UPDATE history_sealedtable SET leaves = (SELECT string_agg(substring(sha256("
        f"convert_to(ROW({columns})::text, 'UTF8')) for 16), '' ORDER BY pgh_id) "
        f"FROM people_personhistory WHERE pgh_id = ANY ('{{{','.join(sheet.rows)}}}'::bigint[])) "
        f"WHERE id = {sheet.pk}",
    )
    return {(2, "", "", sealing.SEAL_CHANGED)}


def chop_off_the_tail(children: list[str]) -> set[tuple[int, str, str, str]]:
    del children
    since = Seal.objects.get(number=3).since
    unguarded(
        *(
            f'DELETE FROM "{table.name}" WHERE "{table.transaction}" >= {since}'
            for table in sealing._tables().values()
        ),
        "DELETE FROM history_sealedtable WHERE seal_id = 3",
        "DELETE FROM history_seal WHERE number = 3",
    )
    return {(3, "", "", sealing.SEAL_MISSING)}


def chop_off_the_tail_and_seal_again(children: list[str]) -> set[tuple[int, str, str, str]]:
    chop_off_the_tail(children)
    record_reading(name="child:page", by=None, at=AT, children=[])
    seal(at=AT)
    return {(3, "", "", sealing.SEAL_REMADE)}


def remove_a_seal(children: list[str]) -> set[tuple[int, str, str, str]]:
    del children
    unguarded(
        "DELETE FROM history_sealedtable WHERE seal_id = 2",
        "DELETE FROM history_seal WHERE number = 2",
    )
    return {(2, "", "", sealing.SEAL_MISSING), (3, "", "", sealing.SEAL_NUMBER)}


WAYS: dict[str, Callable[[list[str]], set[tuple[int, str, str, str]]]] = {
    way.__name__: way
    for way in (
        change,
        change_whose_it_was,
        remove,
        forge,
        forge_where_a_table_had_nothing,
        move_to_another_time,
        change_and_mend_the_leaf,
        chop_off_the_tail,
        chop_off_the_tail_and_seal_again,
        remove_a_seal,
    )
}


def test_each_way_of_tampering_is_found_where_it_was_done(
    three_seals: list[str], home: Path, assured
) -> None:
    tables = [table.name for table in sealing._tables().values()]
    kept = [*tables, "history_seal", "history_sealedtable"]
    anchors = (home / "seals.log").read_bytes()
    with connection.cursor() as cursor:
        for table in kept:
            cursor.execute(f'CREATE TABLE "kept_{table}" AS TABLE "{table}"')
    try:
        for name, tamper in WAYS.items():
            expected = tamper(three_seals)
            found = {(one.seal, one.table, one.row, one.what) for one in verify().found}
            assert found == expected, name
            unguarded(*(f'DELETE FROM "{table}"' for table in reversed(kept)))
            unguarded(*(f'INSERT INTO "{table}" TABLE "kept_{table}"' for table in kept))
            (home / "seals.log").write_bytes(anchors)
            assert verify().found == (), f"put back after: {name}"
    finally:
        with connection.cursor() as cursor:
            for table in kept:
                cursor.execute(f'DROP TABLE IF EXISTS "kept_{table}"')
    assured("tampering-found", f"{len(WAYS)} ways: each found, with its seal, table and row")


def test_what_is_written_after_the_last_seal_waits_for_the_next(three_seals: list[str]) -> None:
    record_reading(name="child:page", by=None, at=AT, children=three_seals)
    assert verify().found == ()
    made = seal(at=AT)
    assert made is not None
    assert (made.number, made.rows) == (4, 1)
    assert seal(at=AT) is None


def test_the_file_of_anchors_is_its_owners_alone_and_catches_up_after_a_crash(
    three_seals: list[str], home: Path
) -> None:
    file = home / "seals.log"
    assert file.stat().st_mode & 0o777 == 0o600
    lines = file.read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "3"]
    file.write_text(f"{lines[0]}\n{lines[1][:20]}")  # a machine that died as it wrote
    assert verify().unanchored == 2
    record_reading(name="child:page", by=None, at=AT, children=three_seals)
    seal(at=AT)
    assert verify().unanchored == 0
    assert verify().found == ()


def test_the_command_seals_verifies_and_says_where(three_seals: list[str], home: Path) -> None:
    def run(*words: str) -> Any:
        return CliRunner().invoke(main, ["history", *words])

    copy = home / "kept-by-somebody-else.log"
    copy.write_bytes((home / "seals.log").read_bytes())
    assert "Nothing to seal" in run("seal").output
    record_reading(name="child:page", by=None, at=AT, children=three_seals)
    line = run("seal").output.strip()
    assert line == (home / "seals.log").read_text().splitlines()[-1]
    said = run("verify")
    assert (said.exit_code, "4 seals are as they were" in said.output) == (0, True)
    (expected,) = change(three_seals)
    said = run("verify")
    assert said.exit_code == 1
    assert f"seal 2: people_personhistory {expected[2]}: {sealing.CHANGED}" in said.output
    said = run("verify", "--anchors", str(copy))
    assert "1 seals are not in the file of anchors" in said.output
    with pytest.raises(HistoryTamperedWith, match="1"):
        jobs.verify.function(Work(at=AT))


def test_a_column_added_later_changes_nothing_that_was_sealed(three_seals: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_personhistory ADD COLUMN shoe text DEFAULT 'left'")
        try:
            assert verify().found == ()
        finally:
            cursor.execute("ALTER TABLE people_personhistory DROP COLUMN shoe")
        cursor.execute("ALTER TABLE people_personhistory RENAME COLUMN gender TO kind")
        try:
            assert {one.what for one in verify().found} == {sealing.COLUMN_GONE}
        finally:
            cursor.execute("ALTER TABLE people_personhistory RENAME COLUMN kind TO gender")


def test_a_database_whose_transactions_went_back_is_not_sealed_on(three_seals: list[str]) -> None:
    unguarded(f"UPDATE history_seal SET before = {10**15} WHERE number = 3")
    record_reading(name="child:page", by=None, at=AT, children=three_seals)
    with pytest.raises(sealing.TransactionsWentBack, match="pg_resetwal"):
        seal(at=AT)


def test_of_many_writing_while_two_seal_none_is_missed_and_none_sealed_twice(
    record: Record, long_form: bool
) -> None:
    writers, lines = (8, 200) if long_form else (4, 40)
    by = record.user("team_manager")
    writing = threading.Event()
    faults: list[BaseException] = []

    def run(work: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                faults.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def write() -> None:
        for number in range(lines):
            with transaction.atomic():  # some are long, and end out of turn
                record_reading(name="child:page", by=by, at=AT, children=[])
                time.sleep(0.002 * (number % 4))

    def keep_sealing() -> None:
        while not writing.is_set():
            seal(at=AT)

    sealers = [run(keep_sealing) for _ in range(2)]
    for thread in [run(write) for _ in range(writers)]:
        thread.join()
    writing.set()
    for thread in sealers:
        thread.join()
    seal(at=AT)
    assert faults == []
    assert verify().found == ()
    sealed = [
        row for sheet in SealedTable.objects.filter(table="history_event") for row in sheet.rows
    ]
    assert sorted(map(int, sealed)) == sorted(Event.objects.values_list("pk", flat=True))
    assert Seal.objects.count() > 2


def test_a_transaction_of_another_database_of_the_server_is_not_waited_for_and_one_of_ours_is(
    record: Record,
) -> None:
    from django.db import connections

    ours = connections["default"].settings_dict
    where = {"host": ours["HOST"], "port": ours["PORT"], "user": ours["USER"]}
    begin = "BEGIN; SELECT pg_current_xact_id()"

    def opened(database: str) -> Any:
        return psycopg.connect(dbname=database, password=ours["PASSWORD"], autocommit=True, **where)

    def lines_sealed() -> int:
        record_reading(name="child:page", by=None, at=AT, children=[])
        made = seal(at=AT)
        return made.rows if made else 0

    seal(at=AT)
    with opened("postgres") as elsewhere:
        elsewhere.execute(begin)
        assert lines_sealed() == 1
    with opened(ours["NAME"]) as here:
        here.execute(begin)
        assert lines_sealed() == 0
    assert lines_sealed() == 2
    assert verify().found == ()


def test_verifying_reads_each_table_in_a_few_statements(
    record: Record, assured, long_form: bool
) -> None:
    lines = 300_000 if long_form else 30_000
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO history_event (kind, name, at, children, subjects, page) "
            "SELECT 'read', 'child:page', now(), ARRAY[n::text], '{}', 'people:child' "
            "FROM generate_series(1, %s) AS n",
            [lines],
        )
    floor = least(hash_the_rows)
    started = time.perf_counter()
    made = seal(at=AT)
    sealing_took = time.perf_counter() - started
    assert made is not None
    assert made.rows >= lines
    assert verify() == Verified(seals=1, rows=made.rows, found=(), unanchored=0)
    with CaptureQueriesContext(connection) as asked:
        verify()
    assert len(asked) < 200, "rows are read one by one"
    ratio = least(verify) / floor
    assured(
        "sealing-speed",
        f"{made.rows:,} rows: verified in {ratio:.1f} times, sealed in "
        f"{sealing_took / floor:.1f} times what reading and hashing them alone takes",
    )


def hash_the_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(sha256(convert_to(line::text, 'UTF8'))) FROM history_event line"
        )


def least(work: Callable[[], object], times: int = 3) -> float:
    """The seconds of the quickest of several times: the machine may be busy in the others."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return min(took)

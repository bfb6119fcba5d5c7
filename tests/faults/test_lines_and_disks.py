"""Connections lost, forms sent many times at once, and a disk that fills."""

import os
import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from harbourlight.foundation import room
from harbourlight.foundation.room import Room, room_in
from tests.faults.service import Load, Saver, Service, reckon, until

pytestmark = pytest.mark.django_db  # the service begins with a copy of the run's tables

AT_ONCE = 10


def test_losing_every_connection_is_noticed_by_nobody(
    service: Service, long_form: bool, assured: Any
) -> None:
    times, lost = 100 if long_form else 10, 0
    with Load(service) as load:
        load.next_save(time.monotonic())
        for _ in range(times):
            time.sleep(0.1)
            ended = service.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            lost += len(ended)
        load.next_save(time.monotonic())
    load.check()
    result = reckon(load)
    assert lost >= times
    seen = (result.faults, result.lost, result.twice, result.partial)
    assert seen == (0, 0, 0, 0), service.faults_told
    assured(
        "lost-connections",
        f"every connection ended {times} times under load, {lost} in all: {result.acknowledged} "
        "saves, 0 faults seen",
    )


def test_a_form_sent_many_times_at_once_and_again_later_is_one_record_and_one_answer(
    service: Service, assured: Any
) -> None:
    stop = threading.Event()
    stop.set()  # it saves nothing of its own accord
    people = [Saver(service, service.people[0], stop) for _ in range(AT_ONCE)]
    mark = f"sent {AT_ONCE} times at once"
    form, form_of = people[0].read_form()
    form |= {"what_was_said": mark}
    answers: list[tuple[int, str]] = []
    together = threading.Barrier(AT_ONCE)

    def send(saver: Saver) -> None:
        saver.cookies = dict(form_of)
        together.wait(20)
        status, _, led = saver.send(form)
        answers.append((status, led))

    threads = [threading.Thread(target=send, args=[saver]) for saver in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    # And once more, by the Back button, when all is done.
    status, _, led = people[0].send(form)
    answers.append((status, led))
    assert len(set(answers)) == 1, answers
    assert answers[0][0] == 302
    held = service.ask("SELECT id FROM front_door_contact WHERE what_was_said = %s", mark)
    assert len(held) == 1
    assured(
        "sent-twice",
        f"one form sent {AT_ONCE} times at once, and again later: 1 record, the same answer",
    )


def test_a_disk_that_fills_is_told_of_refused_and_lost_to_nobody(
    service: Service, home: Path, assured: Any
) -> None:
    if not os.path.ismount(home):
        pytest.skip("a small volume of one's own takes root; the two tests below take none")
    filling, whole = home / "filling", shutil.disk_usage(home).total

    def leave(share: float) -> None:
        """Fill the volume until this share of it is free."""
        with suppress(OSError), filling.open("ab") as file:  # there may be less space than that
            other = shutil.disk_usage(home).used - filling.stat().st_size
            if share:
                os.posix_fallocate(file.fileno(), 0, int(whole * (1 - share)) - other)
            while not share and file.write(bytes(4096)):
                file.flush()
        time.sleep(1.2 * room.LOOK_EVERY)

    stop = threading.Event()
    stop.set()
    person = Saver(service, service.people[0], stop)
    try:
        with Load(service) as load:
            load.next_save(time.monotonic())
            leave(0.08)
            status, page, _ = person.ask("GET", person.address)
            assert status == 200
            assert "The disk is nearly full. You can still save" in page
            load.next_save(time.monotonic())
            form, _ = person.read_form()
            leave(0.04)
            status, page, _ = person.send(form)
            assert status == 503
            assert "There is no room to save this" in page
            assert person.ask("GET", "/health/")[0] == 503
            assert person.ask("GET", person.address)[0] == 200, "reading goes on"
            leave(0)
            filling.unlink()
            back = load.next_save(time.monotonic())
        load.check()
        result = reckon(load)
    finally:
        filling.unlink(missing_ok=True)
    assert (result.lost, result.twice, result.partial) == (0, 0, 0)
    until(lambda: person.ask("GET", "/health/")[0] == 200, 30)  # each worker looks for itself
    assured(
        "disk-full",
        f"told at 8% free, refused at 4%, full, room made: {result.acknowledged} saves "
        f"acknowledged, 0 lost, 0 partial; saving again {back:.1f} s after",
    )


@pytest.mark.parametrize(
    ("free", "low", "spent"),
    [(0.11, False, False), (0.099, True, False), (0.051, True, False), (0.0499, True, True)],
)
def test_people_are_told_from_a_tenth_and_refused_from_a_twentieth(
    client: Any, account: Any, monkeypatch: Any, free: float, low: bool, spent: bool
) -> None:
    monkeypatch.setattr(room, "_known", (time.monotonic() + 60, Room(free)))
    client.force_login(account("front_door_worker"))
    page = client.get("/contacts/").content.decode()
    assert ("Little room is left" in page) == low
    sent = client.post("/begun/save/", {"draft-address": "/", "submission": "x"})
    assert (sent.status_code == 503) == spent
    client.logout()
    assert client.post("/sign-in/", {}).status_code != 503, "whoever can make room can get in"
    said = client.get("/health/").json()["disk"]
    assert said == ("full" if spent else "low" if low else "well")


def test_a_folder_that_cannot_be_looked_at_is_not_taken_for_a_full_one(tmp_path: Path) -> None:
    assert room_in([tmp_path / "nowhere"]).free == 1.0
    assert 0 <= room_in([tmp_path, tmp_path / "nowhere"]).free < 1
    assert room_in([]).free == 1.0


def test_whoever_watches_is_told_how_each_part_is(service: Service) -> None:
    stop = threading.Event()
    stop.set()
    watching = Saver(service, {"session": "", "child": "", "user": ""}, stop)
    until(lambda: '"jobs": "well"' in watching.ask("GET", "/health/")[1], 30)
    status, page, _ = watching.ask("GET", "/health/")
    assert (status, page) == (200, '{"database": "well", "disk": "well", "jobs": "well"}')

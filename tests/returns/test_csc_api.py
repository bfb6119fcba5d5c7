"""The department's daily feed: what is said of each child, and a sender that loses nothing."""

import csv
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from harbourlight.dataset.tables import BY_NAME
from harbourlight.returns.csc_api.building import children, cohort_from, identifier
from harbourlight.returns.csc_api.changes import after, change, restated
from harbourlight.returns.csc_api.outbox import Outbox
from harbourlight.returns.csc_api.sending import (
    TRIES,
    Answer,
    Feed,
    NotAnswered,
    Sent,
    Service,
    send,
)
from harbourlight.returns.csc_api.shape import CHILD, EPISODES, MOST_CHILDREN, faults, schema
from harbourlight.simulate import simulate

AS_AT = date(2026, 3, 31)
AT = datetime(2026, 3, 31, 22, 0, tzinfo=UTC)
SPECIFICATION = Path(__file__).parents[2] / "../shared/reference/data/csc_api_fields.csv"


# ---- The schema -----------------------------------------------------------------------------


def _described(node: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, held in node["properties"].items():
        yield f"{path}{name}", held
        if held["type"] == "object":
            yield from _described(held, f"{path}{name}.")
        elif held["type"] == "array" and held["items"]["type"] == "object":
            yield from _described(held["items"], f"{path}{name}[].")
        elif held["type"] == "array":
            yield f"{path}{name}[]", held["items"]


def test_the_schema_is_the_one_described() -> None:
    made = schema()
    Draft202012Validator.check_schema(made)
    assert made["maxItems"] == MOST_CHILDREN == 100
    with SPECIFICATION.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["type"] != "operation"][1:]
    ours = dict(_described(made["items"], ""))
    assert {row["path"] for row in rows} == set(ours)
    for row in rows:
        held = ours[row["path"]]
        assert held["type"] == row["type"], row["path"]
        for limit in filter(None, row["constraints"].split("; ")):
            name, asked = limit.split("=")
            if name != "default":
                assert json.dumps(held[name]).strip('"') == asked.strip('"'), row["path"]


GOOD = {"la_child_id": "K1", "child_details": {"sex": "F", "ethnicity": "WBRI"}}

WRONG = {
    "no identifier": ({"child_details": {}}, "la_child_id"),
    "an identifier with a hyphen": ({"la_child_id": "K-1"}, "la_child_id: not as asked (pattern"),
    "an unknown property": (GOOD | {"nickname": "Bo"}, "nickname"),
    "a code no set has": (
        GOOD | {"child_details": {"ethnicity": "CNHE"}},
        "child_details.ethnicity: 'CNHE' is no code of ethnicity",
    ),
    "a day that does not exist": (
        GOOD | {"child_details": {"date_of_birth": "2020-02-31"}},
        "child_details.date_of_birth: not as asked (format",
    ),
    "an unknown property deep within": (
        GOOD
        | {
            "social_care_episodes": [
                {
                    "social_care_episode_id": "R1",
                    "child_protection_plans": [
                        {"child_protection_plan_id": "P", "category": "NEG"}
                    ],
                }
            ]
        },
        "category",
    ),
}


@pytest.mark.parametrize(("child", "told"), WRONG.values(), ids=WRONG)
def test_what_the_service_would_refuse_is_said_before_it_is_sent(child: Any, told: str) -> None:
    assert faults(GOOD) == []
    assert any(told in fault for fault in faults(child))


def test_a_fault_shows_nobody() -> None:
    details = {"first_name": 7, "surname": ["Ottershaw"], "postcode": "ZZ99 1AA and more"}
    told = " ".join(faults({"la_child_id": "K1", "child_details": details}))
    assert told.count("not as asked") == 3
    assert "Ottershaw" not in told
    assert "ZZ99" not in told


# ---- What is said of a child ----------------------------------------------------------------


def test_every_child_of_a_trust_is_said_as_the_schema_asks_and_always_by_the_same_name() -> None:
    trust = simulate(children=400, years=4, seed=21, until=AS_AT)
    made = children(trust.tables, as_at=AS_AT)
    assert len(made) > 100
    assert [(name, found) for name, child in made.items() if (found := faults(child))] == []
    assert made == children(trust.tables, as_at=AS_AT)
    kinds = {
        name for child in made.values() for each in child["social_care_episodes"] for name in each
    }
    assert {block.name for block in EPISODES.blocks()} - kinds <= {
        "adoption",
        "care_leavers",
        "child_looked_after_placements",
    }
    # Everybody at school has a number or a reason why not, and every worker a number of theirs.
    told = [child["child_details"] for child in made.values()]
    assert sum("unique_pupil_number" in details for details in told) > 50
    for details in told:
        numbered = {"unique_pupil_number", "unique_pupil_number_unknown_reason"} & {*details}
        assert len(numbered) == ("date_of_birth" in details)
    earlier = children(trust.tables, as_at=date(2025, 3, 31))
    assert not any(day >= "2025-04" for child in earlier.values() for day in _days(child))


def _days(held: Any) -> Iterator[str]:
    if isinstance(held, dict):
        for name, value in held.items():
            if name.endswith("_date") and "birth" not in name:
                yield value
            yield from _days(value)
    elif isinstance(held, list):
        for item in held:
            yield from _days(item)


UPN, FORMER = "Unique Pupil Number", "Former Unique Pupil Number"
ONE, TWO = "A123456789012", "B123456789012"
DETAILS: dict[str, tuple[str, list[dict[str, Any]], dict[str, Any]]] = {
    "the pupil number, and the one before it": (
        "ssd_linked_identifiers",
        [
            {"link_identifier_type": UPN, "link_identifier_value": ONE},
            {"link_identifier_type": FORMER, "link_identifier_value": TWO},
        ],
        {"unique_pupil_number": ONE, "former_unique_pupil_number": TWO},
    ),
    "a number that has ended, and one that had not begun": (
        "ssd_linked_identifiers",
        [
            {
                "link_identifier_type": UPN.lower(),
                "link_identifier_value": ONE,
                "link_valid_to_date": AS_AT,
            },
            {
                "link_identifier_type": UPN,
                "link_identifier_value": TWO,
                "link_valid_from_date": date(2026, 4, 1),
            },
        ],
        {"former_unique_pupil_number": ONE, "unique_pupil_number_unknown_reason": "UN2"},
    ),
    "a former number that is the same": (
        "ssd_linked_identifiers",
        [
            {"link_identifier_type": UPN, "link_identifier_value": ONE},
            {"link_identifier_type": FORMER, "link_identifier_value": ONE},
        ],
        {"unique_pupil_number": ONE},
    ),
    "a number of another kind": (
        "ssd_linked_identifiers",
        [{"link_identifier_type": "NHS Number", "link_identifier_value": "9990000000"}],
        {"unique_pupil_number_unknown_reason": "UN2"},
    ),
    "a disability beside that there is none": (
        "ssd_disability",
        [{"disa_disability_code": code} for code in ("NONE", "LD", "AUT")],
        {"disabilities": ["AUT", "LD"], "unique_pupil_number_unknown_reason": "UN2"},
    ),
    "where the child lived then, not since or before": (
        "ssd_address",
        [
            {
                "addr_address_postcode": postcode,
                "addr_address_start_date": date.fromisoformat(start),
                "addr_address_end_date": date.fromisoformat(end) if end else None,
            }
            for postcode, start, end in (
                ("QX11AA", "2020-01-01", "2026-03-31"),
                ("QX22BB", "2026-03-31", "2026-06-01"),
                ("QX33CC", "2026-06-01", None),
            )
        ],
        {"postcode": "QX22BB", "unique_pupil_number_unknown_reason": "UN2"},
    ),
}


def _held(**rows: list[dict[str, Any]]) -> dict[str, pa.Table]:
    """Tables of one child, K1, with an open episode. Columns not given are empty."""
    person = {"pers_person_id": "K1", "pers_upn_unknown": "UN2"}
    episode = {
        "cine_referral_id": "R1",
        "cine_person_id": "K1",
        "cine_referral_date": datetime.fromisoformat("2026-01-05T09:00"),
    }
    given = {"ssd_person": [person], "ssd_cin_episodes": [episode]} | rows
    return {
        name: pa.Table.from_pylist(
            [
                dict.fromkeys(keys, str(place))
                | ({BY_NAME[name].person: "K1"} if BY_NAME[name].person else {})
                | row
                for place, row in enumerate(held)
            ],
            schema=BY_NAME[name].arrow_schema(),
        )
        for name, held in given.items()
        if (keys := [column.name for column in BY_NAME[name].columns if column.key])
    }


@pytest.mark.parametrize(("table", "rows", "told"), DETAILS.values(), ids=DETAILS)
def test_a_child_is_told_of_as_they_were_on_the_day(
    table: str, rows: list[dict[str, Any]], told: dict[str, Any]
) -> None:
    child = children(_held(**{table: rows}), as_at=AS_AT)["K1"]
    assert child.get("child_details", {}) == told
    assert faults(child) == []


@pytest.mark.parametrize(
    ("worker", "told"),
    [
        ({"prof_social_worker_registration_no": "SW12", "prof_staff_id": "E7"}, "SW12"),
        ({"prof_staff_id": "E7"}, "E7"),
        ({}, "W1"),
        ({"prof_staff_id": "Desk 4/2"}, identifier("Desk 4/2", 12, EPISODES)),
    ],
)
def test_a_worker_who_is_not_registered_has_another_number(
    worker: dict[str, Any], told: str
) -> None:
    involved = {
        "invo_professional_id": "W1",
        "invo_referral_id": "R1",
        "invo_involvement_start_date": date(2026, 1, 6),
    }
    held = _held(
        ssd_involvements=[involved],
        ssd_professionals=[{"prof_professional_id": "W1"} | worker],
    )
    child = children(held, as_at=AS_AT)["K1"]
    [episode] = child["social_care_episodes"]
    assert episode["care_worker_details"] == [{"worker_id": told, "start_date": "2026-01-06"}]
    assert faults(child) == []


@pytest.mark.parametrize(
    ("as_at", "first"),
    [
        (date(2026, 3, 31), date(2023, 4, 1)),
        (date(2026, 4, 1), date(2024, 4, 1)),
        (date(2024, 2, 29), date(2021, 4, 1)),
    ],
)
def test_the_cohort_begins_on_the_first_of_april_before_two_years_back(
    as_at: date, first: date
) -> None:
    assert cohort_from(as_at) == first


def test_a_name_that_does_not_fit_is_made_into_one_that_does() -> None:
    long = "0199a6f0-5b7e-7c3a-9d52-1f4be0c71a11"
    assert identifier("K1042", 20, CHILD) == "K1042"
    made = identifier(long, 20, CHILD)
    assert len(made) == 20
    assert made.isalnum()
    assert made != identifier(long[:-1] + "2", 20, CHILD)
    assert identifier(long, 36, EPISODES) == long


# ---- What has changed -----------------------------------------------------------------------

_names = st.sampled_from(["a", "b", "c"])
_day = st.sampled_from(["2026-01-01", "2026-01-02", None])


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields).map(
        lambda held: {name: value for name, value in held.items() if value not in (None, [], {})}
    )


def _listed(key: str, item: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[Any]]:
    return st.dictionaries(_names, item, max_size=3).map(
        lambda held: [{key: name} | held[name] for name in sorted(held)]
    )


_episode = _some(
    referral_date=_day,
    closure_date=_day,
    care_worker_details=st.lists(_some(worker_id=_names, start_date=_day), max_size=2),
    adoption=_some(matched_date=_day),
    child_protection_plans=_listed(
        "child_protection_plan_id", _some(start_date=_day, end_date=_day)
    ),
    child_and_family_assessments=_listed(
        "child_and_family_assessment_id",
        _some(factors=st.lists(st.sampled_from(["1A", "2B"]), unique=True)),
    ),
)
_child = _some(
    child_details=_some(sex=st.sampled_from(["F", "M"]), surname=_names),
    health_and_wellbeing=_some(
        sdq_assessments=st.lists(_some(date=_day, score=st.integers(0, 40)), max_size=2)
    ),
    social_care_episodes=_listed("social_care_episode_id", _episode),
).map(lambda held: {"la_child_id": "K1"} | held)


@given(_child, _child)
@settings(max_examples=150)
def test_what_is_said_makes_what_was_held_into_what_is(before: Any, now: Any) -> None:
    said = change(before, now)
    if said is None:
        assert before == now
        return
    assert faults(said) == []
    assert after(before, said) == now
    assert change(now, now) is None
    assert after(after(before, said), said) == now, "said twice it is the same"


@given(st.lists(_child, max_size=2), _child)
def test_where_it_is_not_known_what_is_held_all_is_said_that_makes_it_right(
    maybe: Any, now: Any
) -> None:
    said = restated(maybe, now)
    assert faults(said) == []
    assert all(after(before, said) == now for before in [*maybe, None])


def test_only_what_changed_is_said_and_what_is_gone_is_purged() -> None:
    plans = [{"child_protection_plan_id": name, "start_date": "2026-01-01"} for name in "pq"]
    before = GOOD | {
        "social_care_episodes": [
            {"social_care_episode_id": "R1", "referral_date": "2026-01-01"},
            {
                "social_care_episode_id": "R2",
                "referral_date": "2026-02-01",
                "child_protection_plans": plans,
            },
        ]
    }
    now = GOOD | {
        "social_care_episodes": [
            before["social_care_episodes"][1]
            | {"child_protection_plans": [plans[0] | {"end_date": "2026-03-01"}]}
        ]
    }
    assert change(before, now) == {
        "la_child_id": "K1",
        "social_care_episodes": [
            {
                "social_care_episode_id": "R2",
                "referral_date": "2026-02-01",
                "child_protection_plans": [
                    plans[0] | {"end_date": "2026-03-01"},
                    {"child_protection_plan_id": "q", "purge": True},
                ],
            },
            {"social_care_episode_id": "R1", "purge": True},
        ],
    }
    assert change(before, None) == {"la_child_id": "K1", "purge": True}


# ---- The sender -----------------------------------------------------------------------------

DROPPED, LOST = "dropped before it was read", "accepted, and the answer lost"


@dataclass
class Department:
    """A service that answers as it is told to, and keeps what it accepted by its own rule."""

    answers: list[Any] = field(default_factory=list)
    """What to answer, in turn; 200 when there are none left."""
    refuses: set[str] = field(default_factory=set)
    """Children any batch of whom is answered 400."""
    largest: int = MOST_CHILDREN
    held: dict[str, Any] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    tokens: int = 0
    token_answers: list[int] = field(default_factory=list)

    def receive(self, body: bytes) -> Any:
        """The status to answer with, or how the line fails."""
        self.bodies.append(body)
        said = json.loads(body)
        answer = self.answers.pop(0) if self.answers else 200
        if answer in (200, LOST):
            Draft202012Validator(schema()).validate(said)
            if len(said) > self.largest:
                return 413
            if any(child["la_child_id"] in self.refuses for child in said):
                return 400
            for child in said:
                name = child["la_child_id"]
                now = after(self.held.get(name), child)
                self.held.pop(name, None)
                if now is not None:
                    self.held[name] = now
        return answer


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, dict[str, Department]]]:
    current: dict[str, Department] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            department = current["now"]
            if self.path == "/token":
                department.tokens += 1
                status = department.token_answers.pop(0) if department.token_answers else 200
                token = {"access_token": f"t{department.tokens}", "token_type": "Bearer"}
                return self._answer(status, token if status == 200 else {"error": "invalid_client"})
            assert self.path == "/v1/children_social_care_data/941/children"
            assert self.headers["Authorization"] == f"Bearer t{department.tokens}"
            assert self.headers["SupplierKey"] == "a-key"
            answer = department.receive(body)
            if answer in (DROPPED, LOST):
                self.connection.shutdown(socket.SHUT_RDWR)
                return None
            receipt = "0199a6f0-5b7e-7c3a-9d52-1f4be0c71a11" if answer == 200 else {"e": answer}
            return self._answer(answer, receipt)

        def _answer(self, status: int, held: Any) -> None:
            told = json.dumps(held).encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "7")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "0" if status == 204 else str(len(told)))
            self.end_headers()
            if status != 204:
                self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}", current
        running.shutdown()
        thread.join()


@pytest.fixture
def office(server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    url, current = server
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # loopback is not HTTPS
    current["now"] = Department()
    waited: list[float] = []
    service = Service(f"{url}/v1", 941, f"{url}/token", "us", "hush", supplier_key="a-key")

    def go(outbox: Outbox) -> Sent:
        return send(outbox, Feed(service, now=lambda: AT, wait=waited.append), now=lambda: AT)

    return current["now"], tmp_path / "outbox.sqlite", go, waited


def _children(count: int, **details: str) -> dict[str, Any]:
    return {
        f"K{number}": {"la_child_id": f"K{number}", "child_details": {"sex": "F", **details}}
        for number in range(count)
    }


def _all_of(path: Path, now: dict[str, Any]) -> tuple[Any, Outbox]:
    outbox = Outbox(path)
    return outbox.prepare(now, set(now), at=AT), outbox


def test_children_go_a_hundred_at_a_time_and_what_is_said_once_is_not_said_again(office) -> None:
    department, path, go, _ = office
    now = _children(250)
    prepared, outbox = _all_of(path, now)
    with closing(outbox._connection):
        assert (prepared.batches, prepared.children) == (3, 250)
        sent = go(outbox)
        assert (len(sent.receipts), sent.children, sent.waiting) == (3, 250, 0)
        assert department.held == now == outbox.accepted()
        again = outbox.prepare(now, set(now), at=AT)
        assert (again.batches, again.unchanged) == (0, 250)
    assert department.tokens == 1


SITUATIONS = {
    "too many asked, and waits as long as it was told": ([429, 200], 10, 0, [7.0]),
    "the token ran out": ([401, 200], 10, 0, []),
    "the line dropped before anything was read": ([DROPPED, 200], 10, 0, [5.0]),
    "the answer was lost: said again as it was": ([LOST, 200], 10, 0, [5.0]),
    "an error of the service's own": ([503, 503, 200], 10, 0, [5.0, 10.0]),
    "never an answer: it waits in doubt": ([DROPPED] * 4, 0, 1, [5.0, 10.0, 20.0]),
    "nothing was kept, and no receipt": ([204], 0, 1, []),
    "we may not send": ([403], 0, 1, []),
}


@pytest.mark.parametrize(
    ("answers", "accepted", "waiting", "waits"), SITUATIONS.values(), ids=SITUATIONS
)
def test_what_becomes_of_a_batch(office, answers, accepted, waiting, waits) -> None:
    department, path, go, waited = office
    department.answers = list(answers)
    now = _children(10)
    _, outbox = _all_of(path, now)
    with outbox:
        sent = go(outbox)
        assert (sent.children, sent.waiting, waited) == (accepted, waiting, waits)
        assert len(set(department.bodies)) == 1, "each try says the same"
        assert bool(sent.stopped) == (answers == [403])
        department.answers = []
        go(outbox)
        assert department.held == now == outbox.accepted()
        assert len(outbox.receipts()) == 1


def test_one_child_refused_is_set_aside_and_the_ninety_nine_are_sent(office) -> None:
    department, path, go, _ = office
    department.refuses = {"K41"}
    now = _children(100)
    _, outbox = _all_of(path, now)
    with outbox:
        sent = go(outbox)
        assert sent.set_aside == {"K41": "refused by the service (400)"}
        assert sent.children == 99
        again = outbox.prepare(now, set(now), at=AT)
        assert (again.batches, [*again.set_aside]) == (0, ["K41"]), "until something changes"
        department.refuses = set()
        mended = now | {"K41": now["K41"] | {"child_details": {"sex": "M"}}}
        outbox.prepare(mended, set(mended), at=AT)
        go(outbox)
        assert department.held == mended


def test_a_service_that_takes_fewer_at_once_is_given_fewer(office) -> None:
    department, path, go, _ = office
    department.largest = 30
    now = _children(100)
    _, outbox = _all_of(path, now)
    with outbox:
        sent = go(outbox)
        assert (sent.children, len(sent.receipts)) == (100, 4)
        assert department.held == now


def test_a_child_whose_object_is_wrong_is_told_of_and_not_sent(office) -> None:
    department, path, go, _ = office
    now = _children(3) | {"K9": {"la_child_id": "K9", "child_details": {"ethnicity": "CNHE"}}}
    prepared, outbox = _all_of(path, now)
    with outbox:
        go(outbox)
    assert "CNHE" in prepared.set_aside["K9"]
    assert sorted(department.held) == ["K0", "K1", "K2"]


def test_a_child_no_longer_held_is_purged_once_somebody_has_approved_it(office) -> None:
    department, path, go, _ = office
    now = _children(3)
    _, outbox = _all_of(path, now)
    with outbox:
        go(outbox)
        left = {name: child for name, child in now.items() if name != "K1"}
        out_of_the_cohort = outbox.prepare(left, set(now), at=AT)
        assert (out_of_the_cohort.batches, list(out_of_the_cohort.to_approve)) == (0, [])
        gone = outbox.prepare(left, set(left), at=AT)
        assert (gone.batches, list(gone.to_approve)) == (0, ["K1"])
        assert not outbox.approve_purge("K0", by="Una East", at=AT)
        assert outbox.approve_purge("K1", by="Una East", at=AT)
        outbox.prepare(left, set(left), at=AT)
        department.answers = [LOST, 200]
        go(outbox)
        assert department.held == left == outbox.accepted()
        assert outbox.prepare(left, set(left), at=AT).to_approve == []


def test_credentials_that_are_refused_are_said_and_nothing_is_lost(office) -> None:
    department, path, go, _ = office
    department.token_answers = [401]
    now = _children(2)
    _, outbox = _all_of(path, now)
    with outbox:
        sent = go(outbox)
        assert "invalid_client" in sent.stopped
        assert "hush" not in sent.stopped
        assert sent.waiting == 1
        go(outbox)
        assert department.held == now


def test_two_senders_cannot_hold_one_outbox(tmp_path: Path) -> None:
    import sqlite3

    with Outbox(tmp_path / "outbox.sqlite"), pytest.raises(sqlite3.OperationalError):
        Outbox(tmp_path / "outbox.sqlite")


_answers = st.lists(
    st.sampled_from([200, 204, 400, 401, 403, 413, 429, 500, DROPPED, LOST]), max_size=6
)


@given(st.lists(st.tuples(st.lists(_child, max_size=4), _answers), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_whatever_is_answered_the_department_holds_in_the_end_what_is_held(
    tmp_path_factory: pytest.TempPathFactory, days: Any
) -> None:
    """Nothing that changed, ended or went is lost, in whatever way the days before went wrong."""
    department = Department()
    with Outbox(tmp_path_factory.mktemp("days") / "outbox.sqlite") as outbox:
        for held, answers in [*days, (days[-1][0], [])]:
            now = {
                f"K{place}": child | {"la_child_id": f"K{place}"}
                for place, child in enumerate(held)
            }
            department.answers = list(answers)
            for _ in range(2 if not answers else 1):
                _prepare(outbox, now)
                _send_all(outbox, department)
            for child, kept in outbox.accepted().items():
                unsent = {one for batch in outbox.unsent() for one in _in(batch)}
                if child not in unsent | {*outbox.set_aside()}:
                    assert department.held[child] == kept
        for child in outbox.set_aside():
            assert outbox.try_again(child)
        _prepare(outbox, now)
        _send_all(outbox, department)
        assert department.held == now == outbox.accepted()


def _prepare(outbox: Outbox, now: dict[str, Any]) -> None:
    """Put into the outbox what is to be said, and approve every purge that it asks for."""
    for child in outbox.prepare(now, set(now), at=AT).to_approve:
        assert outbox.approve_purge(child, by="Una East", at=AT)
    assert outbox.prepare(now, set(now), at=AT).to_approve == []


_TWO_PLANS = {
    "la_child_id": "K0",
    "social_care_episodes": [{"social_care_episode_id": "R1"}, {"social_care_episode_id": "R2"}],
}
_ONE_PLAN = _TWO_PLANS | {"social_care_episodes": [{"social_care_episode_id": "R1"}]}


@pytest.mark.parametrize(
    ("then", "at_last"),
    [
        # Accepted and the answer lost, then refused: the department may hold both episodes.
        pytest.param([_ONE_PLAN], {"K0": _ONE_PLAN}, id="less is held of them, and refused too"),
        pytest.param([None], {}, id="they are held no more, and the purge is refused too"),
        pytest.param([_ONE_PLAN, None], {}, id="less is held, and then nothing"),
    ],
)
def test_what_may_be_held_is_remembered_through_every_refusal(
    then: list[Any], at_last: Any, tmp_path: Path
) -> None:
    department = Department()
    with Outbox(tmp_path / "outbox.sqlite") as outbox:
        for child in (_TWO_PLANS, *then):
            now = {} if child is None else {"K0": child}
            department.answers = [LOST, 400] if child is _TWO_PLANS else [400]
            _prepare(outbox, now)
            _send_all(outbox, department)
        assert department.held == {"K0": _TWO_PLANS}
        for child in outbox.set_aside():
            assert outbox.try_again(child)
        _prepare(outbox, now)
        _send_all(outbox, department)
        assert department.held == at_last == outbox.accepted()


def _in(batch: Any) -> list[str]:
    return [child["la_child_id"] for child in json.loads(batch.body)]


@dataclass
class Wire:
    """A way to a department without a network, tried four times as the real one is."""

    department: Department

    def post(self, body: bytes) -> Answer:
        for _ in range(TRIES):
            answer = self.department.receive(body)
            if answer not in (DROPPED, LOST, 500):
                return Answer(answer, "a receipt")
        raise NotAnswered


def _send_all(outbox: Outbox, department: Department) -> None:
    send(outbox, Wire(department), now=lambda: AT)

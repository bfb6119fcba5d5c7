"""Proposing people who may be held twice, by night, with the reasons.

Records are read by the owner's connection and compared by Splink in DuckDB, in memory of a stated
size. It proposes; a person decides. It must not merge anybody, and proposes nobody again whom
somebody found to be two people, unless what was compared has changed.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from django.db import connection, transaction
from nicknames import NickNamer
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from harbourlight.record.matching.model import MODEL, Comparison, Model
from harbourlight.record.matching.models import Proposal

MEMORY = "1GB"
"""What DuckDB may take: the record of a large authority needs about a third of it."""

BORN = next(one for one in MODEL.comparisons if one.code == "born")

_PEOPLE = """
SELECT p.id, people_plain(p.forename), people_plain(p.surname), p.sex,
    coalesce(p.born_on, p.expected_on), dmetaphone(people_plain(p.surname)),
    ARRAY(SELECT people_plain(n.forename) FROM people_personname n
          WHERE n.person_id = p.id AND n.struck_out_at IS NULL AND n.forename <> ''),
    ARRAY(SELECT people_plain(n.surname) FROM people_personname n
          WHERE n.person_id = p.id AND n.struck_out_at IS NULL AND n.surname <> ''),
    ARRAY(SELECT DISTINCT a.postcode FROM people_address a
          WHERE a.person_id = p.id AND a.struck_out_at IS NULL AND NOT a.is_confidential
              AND a.postcode <> ''),
    ARRAY(SELECT DISTINCT i.kind || ':' || i.value FROM people_identifier i
          WHERE i.person_id = p.id AND i.struck_out_at IS NULL),
    ARRAY(SELECT DISTINCT m.family_id::text FROM people_familymember m
          WHERE m.person_id = p.id AND m.struck_out_at IS NULL)
FROM people_person p WHERE p.struck_out_at IS NULL ORDER BY p.id
"""

_RELATED = """
SELECT DISTINCT least(person_id, other_id), greatest(person_id, other_id)
FROM people_relationship WHERE struck_out_at IS NULL
"""


@dataclass(frozen=True)
class Held:
    """What is compared of one person."""

    id: str
    forename: str
    surname: str
    sex: str
    born: date | None
    sound: str
    forenames: frozenset[str]
    surnames: frozenset[str]
    postcodes: frozenset[str]
    numbers: frozenset[str]
    families: frozenset[str]

    def digest(self) -> str:
        """A mark that changes when anything compared does."""
        said = [
            self.forename, self.surname, self.sex, str(self.born), sorted(self.forenames),
            sorted(self.surnames), sorted(self.postcodes), sorted(self.numbers),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True)
class Reason:
    """One line of why: what was compared, how alike in words, and what that says."""

    name: str
    says: str
    weight: float


@dataclass(frozen=True)
class Pair:
    """Two people who may be one, the lower identifier first."""

    person: Held
    other: Held
    weight: float
    reasons: tuple[Reason, ...]

    def digest(self) -> str:
        """A mark of all that was compared."""
        return hashlib.sha256(f"{self.person.digest()}{self.other.digest()}".encode()).hexdigest()


def propose_duplicates(*, at: datetime) -> int:
    """Compare everybody, and keep what is to be decided. Says how many wait for a decision.

    Proposals nobody has decided and that no longer hold are taken away. It does the same however
    often it is done.
    """
    with transaction.atomic():
        found = {(one.person.id, one.other.id): one for one in pairs([*held()], related())}
        kept = {(one.person_id, one.other_id): one for one in Proposal.objects.all()}
        gone = [
            one.pk
            for key, one in kept.items()
            if key not in found and one.decision == Proposal.Decision.OPEN
        ]
        Proposal.objects.filter(pk__in=gone).delete()
        for key, pair in found.items():
            _keep(kept.get(key), pair, at=at)
        return Proposal.objects.filter(decision=Proposal.Decision.OPEN).count()


def _keep(proposal: Proposal | None, pair: Pair, *, at: datetime) -> None:
    compared = pair.digest()
    if proposal is None:
        proposal = Proposal(person_id=pair.person.id, other_id=pair.other.id)
    elif proposal.compared == compared or proposal.decision == Proposal.Decision.SAME:
        return
    proposal.proposed_at, proposal.compared, proposal.weight = at, compared, pair.weight
    proposal.reasons = [[one.name, one.says, one.weight] for one in pair.reasons]
    proposal.decision, proposal.because = Proposal.Decision.OPEN, ""
    proposal.decided_by = proposal.decided_at = None
    proposal.save()


# ---- Reading ------------------------------------------------------------------------------------


def held() -> Iterator[Held]:
    """What is compared of everybody who stands on the record."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE)
        for row in cursor.fetchall():
            key, forename, surname, sex, born, sound, forenames, surnames, *more = row
            yield Held(
                key,
                forename,
                surname,
                sex or "U",
                born,
                sound,
                frozenset({*forenames, forename} - {""}),
                frozenset({*surnames, surname} - {""}),
                *(frozenset(one) for one in more),
            )


def related() -> frozenset[tuple[str, str]]:
    """Pairs of people who are recorded as related: they are two."""
    with connection.cursor() as cursor:
        cursor.execute(_RELATED)
        return frozenset((one, other) for one, other in cursor.fetchall())


# ---- Comparing ----------------------------------------------------------------------------------


def pairs(
    people: Iterable[Held], related: frozenset[tuple[str, str]] = frozenset(), model: Model = MODEL
) -> list[Pair]:
    """The pairs that may be one person, the likeliest first: the same for the same records."""
    by_id = {one.id: one for one in people}
    if len(by_id) < 2:
        return []
    found = []
    for row in _compared([*by_id.values()], model):
        one, other = sorted((row["unique_id_l"], row["unique_id_r"]))
        reasons = tuple(_reason(part, row[f"gamma_{part.code}"]) for part in model.comparisons)
        pair = Pair(by_id[one], by_id[other], round(row["match_weight"], 2), reasons)
        if not are_two(pair, (one, other) in related):
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.weight, pair.person.id, pair.other.id))


def are_two(pair: Pair, recorded_as_related: bool) -> bool:
    """The rule of twins, brothers and sisters: alike in all they share, and two people.

    People of one family or one address are proposed only where the same identifier was given for
    both; or where they have one forename, no two sexes, and days of birth that may be one, and are
    not recorded as related.
    """
    one, other = pair.person, pair.other
    if one.numbers & other.numbers:
        return False
    together = recorded_as_related or one.families & other.families
    together = together or one.postcodes & other.postcodes
    if not together:
        return False
    sexes = {one.sex, other.sex} - {"U"}
    same_name = bool(one.forenames & other.forenames) or bool(
        _forms_of(one.forenames) & _forms_of(other.forenames)
    )
    born_apart = any(
        reason.name == BORN.name and reason.says == BORN.levels[-1].says for reason in pair.reasons
    )
    return recorded_as_related or born_apart or not same_name or len(sexes) > 1


def _compared(people: list[Held], model: Model) -> list[dict[str, Any]]:
    database = duckdb.connect()
    try:
        database.execute(f"SET memory_limit = '{MEMORY}'; SET threads = 2")
        api = DuckDBAPI(database)
        logging.getLogger("splink").setLevel(logging.ERROR)
        linker = Linker(api.register(_table(people)), _settings(model), log_level=logging.ERROR)
        predicted = linker.inference.predict(threshold_match_weight=model.least_weight)
        return predicted.as_duckdbpyrelation().to_arrow_table().to_pylist()
    finally:
        database.close()


def _settings(model: Model) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=model.two_at_random,
        comparisons=[_comparison(one) for one in model.comparisons],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in model.blocks],
        retain_intermediate_calculation_columns=True,
    )


def _comparison(one: Comparison) -> comparisons.CustomComparison:
    stated = [
        (levels.ElseLevel() if level.sql == "ELSE" else levels.CustomLevel(level.sql)).configure(
            m_probability=level.m, u_probability=level.u
        )
        for level in one.levels
    ]
    unknown = levels.CustomLevel(one.unknown).configure(is_null_level=True)
    return comparisons.CustomComparison(
        output_column_name=one.code, comparison_levels=[unknown, *stated]
    )


def _reason(part: Comparison, gamma: int) -> Reason:
    """Splink numbers levels from the least alike, 0, and gives -1 where a record says nothing."""
    if gamma < 0:
        return Reason(part.name, "not known of both", 0.0)
    level = part.levels[len(part.levels) - 1 - gamma]
    return Reason(part.name, level.says, round(level.weight, 1))


_COLUMNS: Mapping[str, pa.DataType] = {
    "unique_id": pa.string(),
    "forename": pa.string(),
    "surname": pa.string(),
    "sex": pa.string(),
    "born": pa.date32(),
    "year": pa.int32(),
    "sound": pa.string(),
    "initial": pa.string(),
    "outward": pa.string(),
    "number": pa.string(),
    "forenames": pa.list_(pa.string()),
    "forms": pa.list_(pa.string()),
    "surnames": pa.list_(pa.string()),
    "postcodes": pa.list_(pa.string()),
    "outwards": pa.list_(pa.string()),
    "numbers": pa.list_(pa.string()),
}


def _table(people: list[Held]) -> pa.Table:
    return pa.Table.from_pylist(
        [_row(one) for one in people], schema=pa.schema([*_COLUMNS.items()])
    )


def _row(one: Held) -> dict[str, Any]:
    outwards = sorted({postcode.split(" ")[0] for postcode in one.postcodes})
    numbers = sorted(one.numbers)
    return {
        "unique_id": one.id,
        "forename": one.forename or None,
        "surname": one.surname or None,
        "sex": one.sex,
        "born": one.born,
        "year": one.born.year if one.born else None,
        "sound": one.sound or None,
        "initial": one.forename[:1] or None,
        "outward": outwards[0] if outwards else None,
        "number": numbers[0] if numbers else None,
        "forenames": sorted(one.forenames),
        "forms": sorted(_forms_of(one.forenames)),
        "surnames": sorted(one.surnames),
        "postcodes": sorted(one.postcodes),
        "outwards": outwards,
        "numbers": numbers,
    }


@cache
def _nicknames() -> NickNamer:
    return NickNamer()


def _forms_of(forenames: frozenset[str]) -> frozenset[str]:
    """These names and what they are short for: Bill and Will meet in William."""
    whole = (form for name in forenames for form in _nicknames().canonicals_of(name))
    return forenames | frozenset(whole)

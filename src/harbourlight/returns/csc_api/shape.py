"""What the feed may hold: one declaration, from which its JSON Schema and our checks are made.

Names, limits and patterns are the department's, version 1.0.1 (`reference/data/csc_api_fields.csv`,
domain.md section 11). Its schema limits the length of a code and does not list the codes, so that a
wrong code is refused by it only after it is sent: `faults` looks at the codes too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from harbourlight.standards import code_sets

VERSION = "1.0.1"
MOST_CHILDREN = 100
"""Child objects in one submission; a larger one is answered 413."""


@dataclass(frozen=True, slots=True)
class Value:
    """A field that holds one value: its JSON type, limits, and the code set its code is of."""

    name: str
    type: str = "string"
    longest: int | None = None
    shortest: int | None = None
    pattern: str = ""
    format: str = ""
    codes: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Codes:
    """A list of different codes of one set."""

    name: str
    most: int
    longest: int
    codes: str


@dataclass(frozen=True, slots=True)
class Block:
    """An object within an object, or where `many` a list of them.

    `key` names the field by which its items are told apart, empty where they have none: such a list
    is said again whole. `purged` is whether it may be asked to be removed.
    """

    name: str
    fields: "tuple[Value | Codes | Block, ...]"
    many: bool = False
    key: str = ""
    purged: bool = True

    def blocks(self) -> "Iterator[Block]":
        """The objects within this one."""
        return (field for field in self.fields if isinstance(field, Block))


_ITEM = "^[A-Za-z0-9_-]*$"


def _day(name: str) -> Value:
    return Value(name, format="date")


def _flag(name: str) -> Value:
    return Value(name, "boolean")


def _code(name: str, longest: int, codes: str = "") -> Value:
    return Value(name, longest=longest, codes=codes)


def _items(name: str, key: str, *fields: Value | Codes) -> Block:
    named = Value(key, longest=36, pattern=_ITEM, required=True)
    return Block(name, (named, *fields), many=True, key=key)


PURGE = Value("purge", "boolean")

EPISODES = Block(
    "social_care_episodes",
    (
        Value("social_care_episode_id", longest=36, pattern=_ITEM, required=True),
        _day("referral_date"),
        _code("referral_source", 2, "referral_source"),
        _flag("referral_no_further_action_flag"),
        _day("closure_date"),
        _code("closure_reason", 3, "closure_reason"),
        Block(
            "care_worker_details",
            (Value("worker_id", longest=12, pattern=_ITEM), _day("start_date"), _day("end_date")),
            many=True,
            purged=False,
        ),
        _items(
            "child_and_family_assessments",
            "child_and_family_assessment_id",
            _day("start_date"),
            _day("authorisation_date"),
            Codes("factors", 41, 3, "assessment_factor"),
        ),
        _items(
            "child_in_need_plans", "child_in_need_plan_id", _day("start_date"), _day("end_date")
        ),
        _items(
            "section_47_assessments",
            "section_47_assessment_id",
            _day("start_date"),
            _flag("icpc_required_flag"),
            _day("icpc_date"),
            _day("end_date"),
        ),
        _items(
            "child_protection_plans",
            "child_protection_plan_id",
            _day("start_date"),
            _day("end_date"),
        ),
        _items(
            "child_looked_after_placements",
            "child_looked_after_placement_id",
            _day("start_date"),
            _code("start_reason", 1),
            _code("placement_type", 3),
            _code("postcode", 8),
            _day("end_date"),
            _code("end_reason", 3),
            _code("change_reason", 6),
        ),
        Block(
            "adoption",
            (_day("initial_decision_date"), _day("matched_date"), _day("placed_date")),
        ),
        Block(
            "care_leavers",
            (_day("contact_date"), _code("activity", 2), _code("accommodation", 1)),
        ),
    ),
    many=True,
    key="social_care_episode_id",
)

CHILD = Block(
    "child",
    (
        Value("la_child_id", longest=20, pattern="^[A-Za-z0-9]+$", required=True),
        Value("mis_child_id", longest=36, pattern=_ITEM),
        Block(
            "child_details",
            (
                Value("unique_pupil_number", longest=13, shortest=13),
                Value("former_unique_pupil_number", longest=13, shortest=13),
                _code("unique_pupil_number_unknown_reason", 4, "upn_unknown"),
                Value("first_name"),
                Value("surname"),
                _day("date_of_birth"),
                _day("expected_date_of_birth"),
                _code("sex", 1, "sex"),
                _code("ethnicity", 4, "ethnicity"),
                Codes("disabilities", 12, 4, "disability"),
                _code("postcode", 8),
                _flag("uasc_flag"),
                _day("uasc_end_date"),
            ),
        ),
        Block(
            "health_and_wellbeing",
            (
                Block(
                    "sdq_assessments",
                    (_day("date"), Value("score", "integer")),
                    many=True,
                    purged=False,
                ),
            ),
        ),
        EPISODES,
    ),
)


def schema() -> dict[str, Any]:
    """The JSON Schema of a submission: an array of children, no unknown property at any level."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Children's social care data, version {VERSION}",
        "type": "array",
        "maxItems": MOST_CHILDREN,
        "items": _object(CHILD),
    }


def _object(block: Block) -> dict[str, Any]:
    fields = [*block.fields, *([PURGE] if block.purged else [])]
    made: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: _property(field) for field in fields},
    }
    required = [field.name for field in fields if isinstance(field, Value) and field.required]
    return made | ({"required": required} if required else {})


def _property(field: Value | Codes | Block) -> dict[str, Any]:
    match field:
        case Block(many=True):
            return {"type": "array", "items": _object(field)}
        case Block():
            return _object(field)
        case Codes():
            held = {"type": "string", "maxLength": field.longest}
            return {"type": "array", "maxItems": field.most, "uniqueItems": True, "items": held}
        case Value():
            limits = {
                "maxLength": field.longest,
                "minLength": field.shortest,
                "pattern": field.pattern or None,
                "format": field.format or None,
            }
            given = {name: limit for name, limit in limits.items() if limit is not None}
            return {"type": field.type, **given}


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(_object(CHILD), format_checker=FormatChecker())


def faults(child: Mapping[str, Any]) -> list[str]:
    """What is wrong with one child's object, each as the field's path and why; empty where nothing.

    A value is shown only if it is a code: never a name, a date of birth or a postcode.
    """
    found = [
        f"{'.'.join(str(step) for step in error.absolute_path) or 'child'}: {_why(error)}"
        for error in sorted(_validator().iter_errors(dict(child)), key=lambda one: one.json_path)
    ]
    return found + list(_wrong_codes(CHILD, child, ""))


def _why(error: Any) -> str:  # noqa: ANN401  # jsonschema ships no types
    match error.validator:
        case "required" | "additionalProperties":
            return str(error.message)
        case "maxLength" | "minLength" | "pattern" | "format" | "type":
            return f"not as asked ({error.validator} {error.validator_value})"
    return f"not as asked ({error.validator})"


def _wrong_codes(block: Block, held: Mapping[str, Any], path: str) -> Iterator[str]:
    for field in block.fields:
        value = held.get(field.name)
        where = f"{path}{field.name}"
        match field:
            case Block(many=True):
                for place, item in enumerate(value or ()):
                    yield from _wrong_codes(field, item, f"{where}.{place}.")
            case Block():
                yield from _wrong_codes(field, value or {}, f"{where}.")
            case Value(codes=str(named)) | Codes(codes=str(named)) if named and value:
                known = code_sets.codes(named)
                for code in value if isinstance(value, list) else [value]:
                    if code not in known:
                        yield f"{where}: {code!r} is no code of {named}"

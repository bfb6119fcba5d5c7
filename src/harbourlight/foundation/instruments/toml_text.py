"""TOML as text: on which line each thing stands, and writing plain tables back.

The library that reads TOML keeps no lines and writes nothing. Only the shapes that instrument files
have are known here: tables, lists of tables, strings, numbers, dates, and inline tables.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

Path = tuple[str | int, ...]

_HEADING = re.compile(r"\s*(\[\[?)\s*([\w.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]+\")\s*=\s*(.*)$")


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, of each table and each key of a TOML text that can be read."""
    found: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    here: Path = ()
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if fence:
            fence = "" if fence in line else fence
            continue
        if heading := _HEADING.match(line):
            here = _opened(heading, counts)
            found[here] = number
        elif key := _KEY.match(line):
            found.setdefault((*here, key[1].strip('"')), number)
            fence = _left_open(key[2])
    return found


def _opened(heading: re.Match[str], counts: dict[Path, int]) -> Path:
    """The path of the table a heading opens; one of a list is numbered within its own parent."""
    *above, last = [part.strip().strip("\"'") for part in heading[2].split(".")]
    path: Path = ()
    for part in above:
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, last)
    if heading[1] == "[[":
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path


def _left_open(value: str) -> str:
    for fence in ('"""', "'''"):
        if value.startswith(fence) and fence not in value[3:]:
            return fence
    return ""


def line_at(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a thing, or of the nearest thing that holds it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def written(table: Mapping[str, Any]) -> str:
    """A table as TOML text, which reads back to the same. What is None is left out."""
    return "\n".join(_table(table, ())).strip() + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    below: list[tuple[str, Any]] = []
    for key, value in table.items():
        if value is None:
            continue
        if _is_tables(value) or (isinstance(value, Mapping) and key != "when"):
            below.append((key, value))
        else:
            yield f"{key} = {_value(value)}"
    for key, value in below:
        name = ".".join((*path, key))
        if isinstance(value, Mapping):
            yield from ("", f"[{name}]")
            yield from _table(value, (*path, key))
        else:
            for one in value:
                yield from ("", f"[[{name}]]")
                yield from _table(one, (*path, key))


def _is_tables(value: object) -> bool:
    """A list of tables long enough to be written as headings; choices are written inline."""
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and bool(value)
        and all(isinstance(one, Mapping) and "value" not in one for one in value)
    )


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case date():
            return value.isoformat()
        case str() if "\n" in value:
            return _several_lines(value)
        case str():
            return _quoted(value)
        case Mapping():
            inside = ", ".join(f"{key} = {_value(one)}" for key, one in value.items())
            return f"{{ {inside} }}"
        case Sequence():
            if value and isinstance(value[0], Mapping) and "value" in value[0]:
                return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"
            return "[" + ", ".join(_value(one) for one in value) + "]"
    raise TypeError(f"{type(value).__name__} is not written in an instrument file")


def _quoted(text: str) -> str:
    # TOML's basic strings are JSON's, but for the one control character JSON lets through.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _several_lines(text: str) -> str:
    lines = [_quoted(line)[1:-1] for line in text.split("\n")]
    return '"""\n' + "\n".join(lines) + '"""'

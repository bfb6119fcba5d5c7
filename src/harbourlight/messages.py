"""Every message that the pages say, gathered for translators: `locale/harbourlight.pot`.

Three places declare messages: templates (`{% trans %}`, `gettext`), Python that marks them, and the
words of fields, choices, roles and the like, which are looked up when they are drawn
(`ui.words`). A test reads every page and fails on a message that was asked for and is not here.

It must not hold what somebody records; nor the words of returns and of standards, which have
sources of their own; nor the gallery's, which is for developers.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harbourlight.ui.forms import Form

PACKAGE = Path(__file__).parent
OURS = ("foundation", "record", "pages", "ui")
"""What has pages. The assurance half speaks English: its words are those of its sources."""

MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "in_language"}
PLURAL_MARKS = {"ngettext", "ngettext_lazy", "count_of"}
DECLARED_BY_NAME = {
    "label",
    "hint",
    "noun",
    "missing",
    "prefix",
    "suffix",
    "blank",
    "divider",
    "item",
}
"""Arguments of a field or a choice that are words."""
DECLARED_BY_PLACE = {"Choice": (1, 2, 3), "register": (0,), "contribute": (1,), "Kind": (1,)}
"""Calls that take words by their place, and which places."""

Message = tuple[str, str]
"""A message, and what it is of several; "" where it does not count."""


@dataclass(frozen=True)
class Said:
    """What a message says of several, "" where it does not count; and the files that say it."""

    many: str
    paths: frozenset[str]


_HEADER = """\
# Every message that Harbourlight's pages say. Written by `harbourlight generate`.
# For a language: copy it to <language>/LC_MESSAGES/django.po, translate, and run msgfmt.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def messages_template() -> str:
    """The file a translation begins from: each message in order, and the files that say it."""
    return "\n".join(
        [_HEADER.rstrip(), *(_entry(one, said) for one, said in sorted(messages().items())), ""]
    )


def messages() -> dict[str, Said]:
    """Each message, by what it says of one."""
    many: dict[str, str] = {}
    paths: dict[str, set[str]] = defaultdict(set)
    for path, (one, several) in (*_of_templates(), *_of_python(), *_of_declarations()):
        if any(letter.isalpha() for letter in one):
            paths[one].add(path)
            many[one] = max(many.get(one, ""), several)  # a catalogue has each message once
    return {one: Said(many[one], frozenset(paths[one])) for one in paths}


def _of_templates() -> Iterator[tuple[str, Message]]:
    from django.template import engines

    env = engines["jinja2"].env  # type: ignore[attr-defined]  # Jinja’s alone has one
    for path in _files("*.html"):
        source = (PACKAGE / path).read_text(encoding="utf-8")
        for _, name, said in env.extract_translations(source, (*MARKS, *PLURAL_MARKS)):
            texts = [said] if isinstance(said, str) else [one for one in said if one]
            yield path, _message(name or "", texts)


def _of_python() -> Iterator[tuple[str, Message]]:
    for path in _files("*.py"):
        for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for message in _of_call(node):
                    yield path, message


def _of_call(call: ast.Call) -> Iterator[Message]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [_texts(one) for one in call.args]
    named = {one.arg: _texts(one.value) for one in call.keywords if one.arg}
    if name in PLURAL_MARKS:
        yield _message(name, [text for several in texts for text in several])
    if name == "list_page" and named.get("one") and named.get("many"):
        yield named["one"][0], named["many"][0]
    if name in ("fault", "Unreadable") and texts:
        yield from ((f"%(what)s {text}", "") for text in texts[0])  # as `ui.forms` asks for it
    for place in DECLARED_BY_PLACE.get(name, (0,) if name in MARKS else ()):
        yield from ((text, "") for text in (texts[place] if place < len(texts) else ()))
    if name.endswith("Field") or name in (*DECLARED_BY_PLACE, "Repeating"):
        for keyword in DECLARED_BY_NAME & {*named}:
            yield from ((text, "") for text in named[keyword])


def _texts(node: ast.expr) -> list[str]:
    """The words of a literal, or of either of two between which a condition chooses."""
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _message(name: str, texts: Sequence[str]) -> Message:
    if not texts:
        return "", ""
    if name == "count_of" and len(texts) == 1:
        return texts[0], f"{texts[0]}s"  # as `formats.count_of` does
    return texts[0], (texts[1] if name in PLURAL_MARKS and len(texts) > 1 else "")


def _of_declarations() -> Iterator[tuple[str, Message]]:
    from harbourlight.foundation.access import ROLES, Capability, Reach
    from harbourlight.foundation.jobs import declared
    from harbourlight.foundation.notices.declaring import kinds
    from harbourlight.standards.sources import Mark

    said = [one.value for one in (*Capability, *Reach)]
    said += [one.meaning for one in Mark]
    said += [words for role in ROLES for words in (role.name, role.description)]
    for words in said:
        yield "foundation/access.py", (words, "")
    for job in declared().values():
        every = job.regularly.words if job.regularly else ""
        for words in (job.label, job.explanation, every):
            yield _path_of(job.function), (words, "")
    for kind in kinds():
        yield _path_of(kind.link), (kind.label, "")
    for form in _forms():
        fields: Iterable[Any] = form.base_fields.values()
        for field in fields:
            if hasattr(field, "as_given") and not callable(field._choices):
                for choice in field.as_given():
                    for words in (choice.text, choice.hint, choice.divider):
                        yield _path_of(form), (str(words), "")


def _path_of(thing: object) -> str:
    return f"{thing.__module__.removeprefix('harbourlight.').replace('.', '/')}.py"


def _forms() -> Iterator[type["Form"]]:
    """Every class of form there is, once the addresses have brought them all in."""
    from django.urls import get_resolver

    from harbourlight.ui.forms.base import FormBehaviour

    list(get_resolver().url_patterns)
    waiting: list[Any] = [FormBehaviour]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        ours = form.__module__.startswith("harbourlight.") and "gallery" not in form.__module__
        if ours and hasattr(form, "base_fields"):
            yield form


def _files(pattern: str) -> Iterable[str]:
    return sorted(
        one.relative_to(PACKAGE).as_posix()
        for app in OURS
        for one in (PACKAGE / app).rglob(pattern)
        if "migrations" not in one.parts and "gallery" not in one.as_posix()
    )


def _entry(one: str, said: Said) -> str:
    lines = ["", *(f"#: {path}" for path in sorted(said.paths))]
    if "%(" in one or "%s" in one:
        lines.append("#, python-format")
    lines.append(f"msgid {_quoted(one)}")
    if said.many:
        lines += [f"msgid_plural {_quoted(said.many)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines)


def _quoted(text: str) -> str:
    for letter, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(letter, escaped)
    return f'"{text}"'

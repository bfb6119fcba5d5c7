"""Nothing in a browser test reads a page that a click has only begun to change."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
LISTS = ("body", "orelse", "finalbody")


def unawaited(source: str) -> Iterator[int]:
    """The line of each click, and each press of Enter, that nothing waits for.

    It is waited for where it stands in `with page.expect_...`, or where the next statement begins
    with `expect(...)`. What leads to another page is best pressed and followed by `tests.browsing`.
    """

    def walk(node: ast.AST) -> Iterator[int]:
        if isinstance(node, ast.With) and any(map(_expects, node.items)):
            return
        for name in LISTS:
            statements = getattr(node, name, [])
            for one, after in zip(statements, [*statements[1:], None], strict=False):
                if _acts(one) and not _waits(after):
                    yield one.lineno
                yield from walk(one)
        for one in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield from walk(one)

    yield from walk(ast.parse(source))


def _called(node: ast.AST | None) -> ast.Call | None:
    held = getattr(node, "value", None)
    return held if isinstance(held, ast.Call) else None


def _acts(statement: ast.stmt) -> bool:
    call = _called(statement)
    if call is None or not isinstance(call.func, ast.Attribute):
        return False
    enter = any(isinstance(one, ast.Constant) and one.value == "Enter" for one in call.args)
    return call.func.attr in ("click", "dblclick", "tap") or (call.func.attr == "press" and enter)


def _waits(statement: ast.stmt | None) -> bool:
    first: ast.AST | None = _called(statement)
    while isinstance(first, ast.Call | ast.Attribute):
        first = first.func if isinstance(first, ast.Call) else first.value
    return isinstance(first, ast.Name) and first.id == "expect"


def _expects(item: ast.withitem) -> bool:
    made = item.context_expr
    return (
        isinstance(made, ast.Call)
        and isinstance(made.func, ast.Attribute)
        and made.func.attr.startswith("expect_")
    )


def test_every_click_is_waited_for() -> None:
    found = {}
    for path in TESTS.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if ".click()" in source or '"Enter"' in source:
            found[str(path.relative_to(TESTS))] = [*unawaited(source)]
    assert len(found) > 5
    assert not any(found.values()), (
        f"use press, follow or arrive_by of tests.browsing, or expect what it changes: {found}"
    )


@pytest.mark.parametrize(
    ("source", "lines"),
    {
        "save.click()\nassert alert.is_visible()": [1],
        "save.click()\npage.goto('/')": [1],
        "page.keyboard.press('Enter')\nassert Contact.objects.exists()": [1],
        "save.click()": [1],
        "if narrow:\n    menu.click()\nexpect(menu).to_be_hidden()": [2],
        "with page.context() as other:\n    save.click()": [2],
        "save.click()\nexpect(page.get_by_role('alert')).to_be_visible()": [],
        "with page.expect_navigation():\n    save.click()\nassert page.url": [],
        "page.keyboard.press('Tab')\nassert page.url": [],
        "press(page, 'Save')\nassert page.url": [],
    }.items(),
)
def test_a_click_that_nothing_waits_for_is_found(source: str, lines: list[int]) -> None:
    assert [*unawaited(source)] == lines

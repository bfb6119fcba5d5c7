"""What must be said of a child, given what was last accepted of them.

What is new or changed is said whole, and what is gone is said to be purged: something left out of a
payload is not removed by being left out (domain.md section 11). `after` is what a receiver then
holds, by the same rule, so that nothing is believed to be there that was not said.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from harbourlight.returns.csc_api.shape import CHILD, Block

Held = Mapping[str, Any]


def change(before: Held | None, now: Held | None) -> dict[str, Any] | None:
    """The child's object to send, or None where there is nothing to say.

    `before` is what was last accepted (None where nothing was), and `now` what is held (None where
    the child is there no longer). Raises `ValueError` where there never was a child.
    """
    if now is None:
        if before is None:
            raise ValueError("a child of whom nothing was accepted cannot be purged")
        return _identified(before) | {"purge": True}
    if before is None:
        return dict(now)
    said = _changed(CHILD, before, now)
    return _identified(now) | said if said else None


def restated(maybe: Sequence[Held], now: Held | None) -> dict[str, Any]:
    """The child's object to send where it is not known which of several things is held of them.

    All that is held is said, and all that may be there and is not is purged. Raises `ValueError`
    where there is nothing to purge.
    """
    if now is None:
        if not maybe:
            raise ValueError("a child of whom nothing was ever sent cannot be purged")
        return _identified(maybe[0]) | {"purge": True}
    return _restated(CHILD, maybe, now)


def _restated(block: Block, maybe: Sequence[Held], now: Held) -> dict[str, Any]:
    said = _own(block, now)
    for within in block.blocks():
        held = now.get(within.name)
        were = [one[within.name] for one in maybe if within.name in one]
        if within.key:
            by_name = [{item[within.key]: item for item in items} for items in were]
            items = [
                _restated(within, [one[name] for one in by_name if name in one], item)
                for item in held or []
                for name in [item[within.key]]
            ]
            kept = {item[within.key] for item in items}
            gone = sorted({name for one in by_name for name in one} - kept)
            items += [{within.key: name, "purge": True} for name in gone]
            if items:
                said[within.name] = items
        elif held:
            said[within.name] = held
        elif were:
            said[within.name] = {"purge": True} if within.purged else []
    return said


def after(before: Held | None, sent: Held) -> dict[str, Any] | None:
    """What is held after an object is accepted: the rule by which the feed is read."""
    if sent.get("purge"):
        return None
    return _merged(CHILD, before or {}, sent)


def _identified(child: Held) -> dict[str, Any]:
    return {name: child[name] for name in ("la_child_id", "mis_child_id") if name in child}


def _changed(block: Block, before: Held, now: Held) -> dict[str, Any]:
    """What is to be said of an object that is there already; empty where nothing is.

    Where it has a field of its own that changed, or anything beneath it did, all its own fields are
    said: an object said in part might be taken for the whole of it.
    """
    said: dict[str, Any] = {}
    for within in block.blocks():
        was, held = before.get(within.name), now.get(within.name)
        if was == held:
            continue
        if within.key:
            said[within.name] = _items(within, was or [], held or [])
        elif held:
            said[within.name] = held
        elif within.purged:
            said[within.name] = {"purge": True}
        else:  # a list whose items have no names is said again whole, empty where it is
            said[within.name] = []
    own, owned = _own(block, before), _own(block, now)
    if said or own != owned:
        return owned | said
    return {}


def _items(block: Block, before: list[Any], now: list[Any]) -> list[Any]:
    """What is to be said of items that have names: new and changed ones, then those gone."""
    were = {item[block.key]: item for item in before}
    said = []
    for item in now:
        was = were.pop(item[block.key], None)
        if was is None:
            said.append(item)
        elif changed := _changed(block, was, item):
            said.append({block.key: item[block.key]} | changed)
    return said + [{block.key: name, "purge": True} for name in were]


def _own(block: Block, held: Held) -> dict[str, Any]:
    within = {one.name for one in block.blocks()}
    return {name: value for name, value in held.items() if name not in within}


def _merged(block: Block, before: Held, sent: Held) -> dict[str, Any]:
    """An object as it is held once another is said of it."""
    held = _own(block, sent)
    for within in block.blocks():
        was = before.get(within.name)
        if within.name not in sent:
            now: Any = was
        elif within.key:
            now = _merged_items(within, was or [], sent[within.name])
        elif within.many:
            now = sent[within.name]
        elif sent[within.name].get("purge"):
            now = None
        else:
            now = _merged(within, was or {}, sent[within.name])
        if now:
            held[within.name] = now
    return held


def _merged_items(block: Block, before: list[Any], sent: list[Any]) -> list[Any]:
    held = {item[block.key]: item for item in before}
    for item in sent:
        name = item[block.key]
        if item.get("purge"):
            held.pop(name, None)
        else:
            held[name] = _merged(block, held.get(name, {}), item)
    return [held[name] for name in sorted(held)]

"""A group of fields that can be given more than once, with and without JavaScript.

With it, MOJ's "add another" adds and removes groups in the page. Without it, the same buttons send
the form, and the page comes back with a group more or less and everything typed still there.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.datastructures import MultiValueDict

from harbourlight.ui.forms.kept import kept_words
from harbourlight.ui.forms.resuming import is_resumed
from harbourlight.ui.words import in_language


class Repeating:
    """Copies of one form, named `prefix-0-field`, `prefix-1-field` and so on.

    `data` is what was posted, or None for a page just opened. A group left wholly empty is ignored
    unless fewer than `at_least` would remain.
    """

    def __init__(
        self,
        form_class: type[Any],
        *,
        prefix: str,
        item: str,
        data: Mapping[str, Any] | None = None,
        initial: Sequence[Mapping[str, Any]] = (),
        at_least: int = 1,
        at_most: int = 20,
        following: Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Any]] | None = None,
    ) -> None:
        """`item` is what one is called ("child"): it names the groups and the buttons.

        `following` is given what was typed in the groups there are, and gives what the next one
        begins with. The server then adds it even where there is JavaScript.
        """
        self.form_class, self.prefix, self.declared_item = form_class, prefix, item
        self.at_least, self.at_most = at_least, at_most
        self.following = following
        self.data = data
        self.acted = data is not None and (self.add_name in data or self.remove_name in data)
        kept = kept_words() if data is None else None
        if kept and self._indices(kept.typed):
            kept.taken = True
            self.forms = self._as_typed(kept.typed)
        elif data is None:
            given = [*initial] + [{}] * max(0, at_least - len(initial))
            self.forms = [self._form(index, initial=one) for index, one in enumerate(given)]
        elif self.acted:
            self.forms = self._as_typed(data)
        else:
            self.forms = self._posted(data)

    @property
    def item(self) -> str:
        """What one is called."""
        return in_language(self.declared_item)

    @property
    def add_name(self) -> str:
        """The name of the button that adds a group."""
        return f"{self.prefix}-add"

    @property
    def remove_name(self) -> str:
        """The name of the buttons that remove one; each one's value is its number."""
        return f"{self.prefix}-remove"

    @property
    def can_add(self) -> bool:
        """Whether there is room for another."""
        return len(self.forms) < self.at_most

    def is_valid(self) -> bool:
        """Whether this was sent to be kept, and every group is right."""
        if self.data is None or self.acted or is_resumed(self.data):
            return False
        right = [form.is_valid() for form in self.forms]  # each is asked, so that each says why
        return all(right)

    @property
    def cleaned_data(self) -> list[dict[str, Any]]:
        """The answers of each group. Only after `is_valid()` has said yes."""
        return [form.cleaned_data for form in self.forms]

    @property
    def error_links(self) -> list[dict[str, str]]:
        """Each error of each group, for the summary at the top of the page."""
        several = len(self.forms) > 1
        return [
            link | {"text": f"{self.item.capitalize()} {number}: {link['text']}"}
            if several
            else link
            for number, form in enumerate(self.forms, start=1)
            for link in (form.error_links if form.is_bound else [])
        ]

    def _form(self, index: int, **options: Any) -> Any:
        form = self.form_class(prefix=f"{self.prefix}-{index}", **options)
        form.name_pattern = f"{self.prefix}-%index%"
        return form

    def _indices(self, data: Mapping[str, Any]) -> list[int]:
        pattern = re.compile(rf"{re.escape(self.prefix)}-(\d{{1,4}})-", re.ASCII)
        found = {int(match[1]) for name in data if (match := pattern.match(name))}
        return sorted(found)[: self.at_most]

    def _posted(self, data: Mapping[str, Any]) -> list[Any]:
        indices = self._indices(data)
        filled = [index for index in indices if self._form(index, data=data).has_changed()]
        empty = [index for index in indices if index not in filled]
        kept = sorted(filled + empty[: max(0, self.at_least - len(filled))])
        # Numbered afresh, as the page that shows their errors will number them.
        renumbered = self._renumbered(data, kept)
        count = max(len(kept), self.at_least)
        return [self._form(index, data=renumbered) for index in range(count)]

    def _renumbered(self, data: Mapping[str, Any], kept: Sequence[int]) -> MultiValueDict[str, Any]:
        renumbered: MultiValueDict[str, Any] = MultiValueDict()
        for index, was in enumerate(kept):
            stem = f"{self.prefix}-{was}-"
            for name in data:
                if name.startswith(stem):
                    values = data.getlist(name) if hasattr(data, "getlist") else [data[name]]
                    renumbered.setlist(f"{self.prefix}-{index}-{name[len(stem) :]}", values)
        return renumbered

    def _as_typed(self, data: Mapping[str, Any]) -> list[Any]:
        typed = [typed_in(self._form(index, data=data)) for index in self._indices(data)]
        removed = str(data.get(self.remove_name, ""))
        if removed.isascii() and removed.isdecimal() and int(removed) < len(typed):
            del typed[int(removed)]
        if self.add_name in data and len(typed) < self.at_most:
            typed.append({**self.following(typed)} if self.following else {})
        typed += [{}] * max(0, self.at_least - len(typed))
        return [self._form(index, initial=one) for index, one in enumerate(typed)]


def typed_in(form: Any) -> dict[str, Any]:
    """What was typed in a bound form, unchecked, to show again in an unbound one."""
    return {name: form[name].data for name in form.fields}

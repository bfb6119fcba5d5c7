"""Words declared once and said in whichever language a person reads, each time they are asked for.

A label, a hint or the name of a page is declared in English when the service starts, before anybody
has asked for anything: it is looked up in the catalogue when it is drawn. `ui.catalogue` finds what
is declared so. It must not be given what somebody recorded: a child called May is no month.
"""

from typing import Any

from django.utils.functional import lazystr
from django.utils.translation import gettext


def in_language(words: Any, **given: Any) -> str:
    """Declared words, translated, with what they speak of put in (`%(noun)s`)."""
    text = gettext(str(words)) if words else ""  # the catalogue keeps its own heading under ""
    return text % given if given else text


def each_time(say: Any) -> Any:
    """What `say` gives, asked again each time it is read: for words that Django keeps."""
    return lazystr(_Asked(say))


class _Asked:
    def __init__(self, say: Any) -> None:
        self.say = say

    def __str__(self) -> str:
        return str(self.say())

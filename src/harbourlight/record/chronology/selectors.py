"""What happened, with what was marked, narrowed as a person asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from harbourlight.record.chronology.models import Mark
from harbourlight.record.people.chronology import Happening, chronology


@dataclass(frozen=True)
class Asked:
    """How a chronology is narrowed. Nothing given is nothing left out."""

    kinds: Collection[str] = ()
    since: date | None = None
    until: date | None = None
    significant: bool = False
    late: bool = False
    words: str = ""

    def admits(self, one: Happening) -> bool:
        """Whether something that happened is asked for. What has no date is in no period."""
        if (self.since or self.until) and one.day is None:
            return False
        if self.since and one.day and one.day < self.since:
            return False
        if self.until and one.day and one.day > self.until:
            return False
        if self.significant and not one.is_significant:
            return False
        if self.late and not one.is_recorded_late:
            return False
        said = f"{one.title} {one.text} {one.more} {one.by}".casefold()
        return all(word in said for word in self.words.casefold().split())


def happenings(child_ids: Collection[str], asked: Asked) -> list[Happening]:
    """What happened to these children, the latest first, as marked and as asked for."""
    found = marked(chronology(child_ids, asked.kinds), marks_of(child_ids))
    return [one for one in found if asked.admits(one)]


def marks_of(child_ids: Collection[str]) -> dict[tuple[str, str, str], Mark]:
    """What was said of what happened to these children, by child, kind and key."""
    marks = Mark.objects.filter(child_id__in=child_ids).select_related("recorded_by")
    return {(mark.child_id, mark.kind, mark.key): mark for mark in marks}


def marked(
    found: Sequence[Happening], marks: Mapping[tuple[str, str, str], Mark]
) -> list[Happening]:
    """The same, each as it was marked, if it was."""
    shown = []
    for one in found:
        mark = marks.get((one.child_id, one.kind, one.key)) if one.key else None
        shown.append(
            replace(one, is_significant=mark.is_significant, marked_by=str(mark.recorded_by))
            if mark
            else one
        )
    return shown

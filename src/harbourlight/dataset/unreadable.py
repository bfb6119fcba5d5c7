"""The one way in which a source is refused, whoever reads it."""


class UnreadableSource(Exception):
    """A source that cannot be read: what is wrong, where, and what to do about it.

    `file` is the file's own name without its folder. `line` is the line of the file, and `record`
    the row (from 1, the header not counted) where a file has no lines. `value` is given for a code,
    a number or a date that shows nobody; never for a name, a date of birth or free text.
    """

    def __init__(
        self,
        file: str,
        wrong: str,
        remedy: str,
        *,
        line: int | None = None,
        record: int | None = None,
        field: str = "",
        value: str | None = None,
    ) -> None:
        self.file = file
        self.wrong = wrong
        self.remedy = remedy
        self.line = line
        self.record = record
        self.field = field
        self.value = value
        super().__init__(file, wrong, remedy)

    def __str__(self) -> str:
        """The whole of it, in one or two sentences."""
        where = [self.file]
        if self.line is not None:
            where.append(f"line {self.line:,}")
        if self.record is not None:
            where.append(f"record {self.record:,}")
        if self.field:
            where.append(self.field)
        return f"{', '.join(where)}: {self.wrong} {self.remedy}"

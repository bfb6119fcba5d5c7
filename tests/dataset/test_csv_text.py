"""CSV as other programs write it is read field for field, and every row's line is known."""

import csv
import io
import re
import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from harbourlight.dataset.loaders import csv_text
from harbourlight.dataset.loaders.csv_text import CSVText

FIELD = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=6) | st.text(
    '",\r\n \ufeffa', max_size=6
)


@given(
    rows=st.lists(st.tuples(FIELD, FIELD), max_size=6),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    mark=st.sampled_from(["", "\ufeff"]),
    blank_lines=st.booleans(),
    block=st.sampled_from([1, 2, 5, 1 << 20]),
)
@settings(max_examples=150, deadline=None)
def test_another_writers_rows_and_lines_are_found(rows, ending, quoting, mark, blank_lines, block):
    if quoting == csv.QUOTE_MINIMAL:
        # Python 3.11 leaves a line break bare unless it is the one that ends its own lines.
        bare = str.maketrans("", "", "".join({"\r", "\n"} - set(ending)))
        rows = [tuple(field.translate(bare) for field in row) for row in rows]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=ending, quoting=quoting)
    writer.writerow(("one", "two"))
    lines = []
    for row in rows:
        if blank_lines:
            text.write(ending)
        lines.append(len(re.findall(r"\r\n|\n|\r", text.getvalue())) + 1)
        writer.writerow(row)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "some.csv")
        path.write_bytes((mark + text.getvalue()).encode())
        with patch.object(csv_text, "_BLOCK", block):
            file = CSVText(path)
        columns = file.columns(["two", "one"])
    assert file.header == ("one", "two")
    for order, name in enumerate(("one", "two")):
        assert columns[name].to_pylist() == [row[order] or None for row in rows]
    assert [file.line_of(row) for row in range(len(rows))] == lines

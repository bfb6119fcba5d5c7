"""The page of the dataset names every table, column and code."""

import re

from harbourlight.dataset.dictionary import dataset_dictionary
from harbourlight.dataset.tables import TABLES
from harbourlight.standards import code_sets

PAGE = dataset_dictionary()


def test_every_column_has_its_row_with_all_that_is_declared_of_it():
    for table in TABLES:
        section = PAGE.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        assert table.title in section
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        assert len(rows) == len(table.columns)
        for row, column in zip(rows, table.columns, strict=True):
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            assert cells[0].split("`")[1] == column.name
            assert cells[1:4] == [column.title, column.kind.value, column.item]
            assert column.code_set in cells[4]
            assert column.references in cells[5]
            assert cells[6:] == [column.sensitivity.value, "yes" if column.needed else ""]


def test_every_code_set_a_column_names_is_there_with_its_codes():
    named = {column.code_set for table in TABLES for column in table.columns} - {""}
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) == named
    for name in named:
        section = PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE) == [
            code.code for code in code_sets.listed(name)
        ]

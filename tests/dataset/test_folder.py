"""A folder of SSD tables is read whole and typed, or refused in a sentence that says where."""

import io
import re
import tempfile
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harbourlight.dataset.engines import DuckDB, load_tables
from harbourlight.dataset.files import write_folder
from harbourlight.dataset.loaders import UnreadableSource, read
from harbourlight.dataset.schema import Kind, Sensitivity
from harbourlight.dataset.tables import BY_NAME, SOURCE_TABLES, Dataset
from harbourlight.standards import code_sets

PERSON = "pers_person_id,pers_forename,pers_surname,pers_sex,pers_dob,pers_death_date\n"
EPISODE = "cine_referral_id,cine_person_id,cine_referral_date,cine_close_date,cine_referral_nfa\n"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def folder_of(place: Path, **files: str | bytes) -> Path:
    """A folder with a CSV file for each table given by name."""
    for name, content in files.items():
        held = content if isinstance(content, bytes) else content.encode()
        (place / f"{name}.csv").write_bytes(held)
    return place


def refusal(path: Path) -> UnreadableSource:
    with pytest.raises(UnreadableSource) as caught:
        read(path)
    return caught.value


def column(path: Path, name: str) -> list[object]:
    table = next(t for t in SOURCE_TABLES if any(c.name == name for c in t.columns))
    return read(path).tables[table.name][name].to_pylist()


def test_a_folder_gives_typed_tables_and_says_what_it_holds(tmp_path):
    folder_of(
        tmp_path,
        ssd_person=PERSON + "A1,Fern,Ash,F,2015-03-27,\nA2,Rowan,Ash,M,2017-01-02,2025-09-08\n",
        ssd_cin_episodes=EPISODE + "R1,A1,2025-04-01 09:30,,N\n",
        notes="x\n1\n",
    )
    (tmp_path / ".hidden").write_text("not ours")
    source = read(tmp_path)

    assert source.kind == "SSD folder"
    assert source.title == f"SSD tables in {tmp_path.name}"
    assert list(source.tables) == ["ssd_person", "ssd_cin_episodes", "hl_coverage"]
    for name, rows in source.tables.items():
        assert rows.schema == BY_NAME[name].arrow_schema()
    assert source.tables["ssd_person"]["pers_death_date"].to_pylist() == [None, date(2025, 9, 8)]
    assert source.tables["ssd_cin_episodes"]["cine_referral_date"].to_pylist() == [
        instant("2025-04-01 09:30")
    ]
    assert "ssd_person.pers_dob" in source.held
    assert "ssd_person.pers_ethnicity" not in source.held
    assert not any(name.startswith("ssd_cin_assessments.") for name in source.held)
    assert source.remarks == (
        "In ssd_cin_episodes.csv these columns are empty in every row: cine_close_date.",
        "It does not say how far back it goes (there is no table hl_coverage). Each table is taken "
        "to be complete from the earliest date in it: ssd_cin_episodes from 2025-04-01.",
        "These were not read: notes.csv.",
    )
    with DuckDB() as engine:
        load_tables(engine, source.tables)
        assert engine.run(Dataset().ssd_person).num_rows == 2


def test_names_are_read_in_any_case_and_order_and_with_a_byte_order_mark(tmp_path):
    (tmp_path / "SSD_Person.CSV").write_bytes(
        b"\xef\xbb\xbfPERS_SEX, pers_person_id ,Shoe_Size\r\nF,A1,4\r\n"
    )
    source = read(tmp_path)
    assert source.tables["ssd_person"].select(["pers_person_id", "pers_sex"]).to_pylist() == [
        {"pers_person_id": "A1", "pers_sex": "F"}
    ]
    assert source.remarks[0] == (
        "In SSD_Person.CSV these columns are not part of the table and were not read: Shoe_Size."
    )


def test_a_table_with_a_header_alone_is_supplied_and_empty(tmp_path):
    source = read(folder_of(tmp_path, ssd_cin_episodes=EPISODE.strip()))
    assert source.tables["ssd_cin_episodes"].num_rows == 0
    assert "ssd_cin_episodes.cine_close_date" in source.held
    assert source.tables["hl_coverage"].num_rows == 0


def test_a_folder_that_says_how_far_back_it_goes_is_believed(tmp_path):
    folder_of(
        tmp_path,
        ssd_cin_episodes=EPISODE + "R1,A1,2025-04-01,,N\n",
        hl_coverage="hlco_table,hlco_complete_from,hlco_last_before_held\n"
        "ssd_cin_episodes,01/04/2020,0\n",
    )
    source = read(tmp_path)
    assert source.tables["hl_coverage"].to_pylist() == [
        {
            "hlco_table": "ssd_cin_episodes",
            "hlco_complete_from": date(2020, 4, 1),
            "hlco_last_before_held": "N",
        }
    ]
    assert not any("how far back" in remark for remark in source.remarks)


@pytest.mark.parametrize(
    ("column_name", "written", "meant"),
    [
        ("pers_dob", "2015-03-27", date(2015, 3, 27)),
        ("pers_dob", " 27/03/2015 ", date(2015, 3, 27)),
        ("pers_dob", "2015-03-27 00:00:00.0000000", date(2015, 3, 27)),
        ("pers_dob", "2024-02-29T14:05", date(2024, 2, 29)),
        ("pers_dob", "", None),
        ("pers_dob", "   ", None),
        ("pers_dob", "NULL", None),
        ("cont_contact_date", "2025-03-30", instant("2025-03-30 00:00")),
        ("cont_contact_date", "30/03/2025 23:59:59", instant("2025-03-30 23:59:59")),
        ("cont_contact_date", "2025-01-31T09:30:15.997", instant("2025-01-31 09:30:15")),
        # A zone is turned to London's clock, summer and winter.
        ("cont_contact_date", "2025-07-01T09:30:00Z", instant("2025-07-01 10:30")),
        ("cont_contact_date", "2025-12-01T09:30:00+00:00", instant("2025-12-01 09:30")),
        ("pers_send_flag", "Y", "Y"),
        ("pers_send_flag", "0", "N"),
        ("pers_send_flag", "True", "Y"),
        ("pers_send_flag", "false", "N"),
        ("prof_professional_caseload", "12", 12),
        ("prof_professional_caseload", "12.0", 12),
        ("prof_full_time_equivalency", ".6", 0.6),
        ("prof_full_time_equivalency", "1", 1.0),
        ("pers_sex", " F", "F"),
        ("cont_contact_outcome_json", '"{""NFA_FLAG"": ""Y""}"', '{"NFA_FLAG": "Y"}'),
        # Prose keeps its blanks, and a name may be Null.
        ("pers_surname", " Ash ", " Ash "),
        ("pers_surname", "NULL", "NULL"),
        ("pers_surname", '"Ash, ""Fern""\n\nof Elm"', 'Ash, "Fern"\n\nof Elm'),
        ("pers_surname", '""', None),
    ],
)
def test_a_value_is_read_by_what_its_column_holds(tmp_path, column_name, written, meant):
    table = next(t for t in SOURCE_TABLES if any(c.name == column_name for c in t.columns))
    header = [c.name for c in table.columns if c.needed and c.name != column_name]
    row = ["2025-01-01" if c.endswith("_date") else "X" for c in header]
    content = ",".join([*header, column_name]) + "\n" + ",".join([*row, written]) + "\n"
    assert column(folder_of(tmp_path, **{table.name: content}), column_name) == [meant]


def test_times_of_day_dropped_from_dates_are_told(tmp_path):
    person = PERSON + "A1,,,,2015-03-27 00:00:00,\nA2,,,,2015-03-27 14:05:00,\n"
    remarks = read(folder_of(tmp_path, ssd_person=person)).remarks
    assert "Times of day in pers_dob were dropped: it holds dates." in remarks


FAULTS = {
    "a needed column that is missing": (
        "pers_forename\nFern\n",
        "ssd_person.csv, pers_person_id: There is no such column, and the table cannot be read "
        "without it. Add it to the extract.",
    ),
    "semicolons for commas": (
        "pers_person_id;pers_sex\nA1;F\n",
        "ssd_person.csv, pers_person_id: There is no such column, and the table cannot be read "
        "without it. The file seems to be separated by something other than commas: save it again.",
    ),
    "a column met twice": (
        "pers_person_id,Pers_Person_ID\nA1,A1\n",
        "ssd_person.csv, pers_person_id: There are two columns of this name. Leave one.",
    ),
    "an empty file": ("", "ssd_person.csv: It is empty."),
    "nothing but a byte order mark": ("\ufeff\n", "ssd_person.csv: It is empty."),
    "a day that does not exist": (
        PERSON + "A1,,,,,2025-02-28\nA2,,,,,31/02/2025\n",
        "ssd_person.csv, line 3, pers_death_date: “31/02/2025” is not a day or time that exists.",
    ),
    "an American date": (
        PERSON + "A1,,,,,12/31/2025\n",
        "line 2, pers_death_date: “12/31/2025” is not a day or time that exists.",
    ),
    "a year of two figures": (
        PERSON + "A1,,,,,31/12/25\n",
        "line 2, pers_death_date: “31/12/25” is not a date. Write dates as 2026-01-31 or "
        "31/01/2026.",
    ),
    "a date of birth, which is not shown": (
        PERSON + "A1,,,,31/02/2015,\n",
        "ssd_person.csv, line 2, pers_dob: The value is not a day or time that exists.",
    ),
    "an unknown code": (
        PERSON + "A1,,,X,,\n",
        "line 2, pers_sex: “X” is not a code of the set sex. Use one of F, M, U.",
    ),
    "a code near a known one": (
        "pers_person_id,pers_ethnicity\nA1,CNHE\n",
        "line 2, pers_ethnicity: “CNHE” is not a code of the set ethnicity. Use one of CHNE.",
    ),
    "a name where a code should be, which is not shown": (
        PERSON + "A1,Fern,,Ashgrove,,\n",
        "line 2, pers_sex: The value is not a code of the set sex. Use one of F, M, U.",
    ),
    "a key that is empty": (
        PERSON + "A1,,,,,\n,Fern,,,,\n",
        "line 3, pers_person_id: It is empty, and must not be.",
    ),
    "a key met twice": (
        PERSON + 'A1,,,,,\nA2,"two\nlines",,,,\nA1,,,,,\n',
        "line 5, pers_person_id: This row has the identifier of line 2 too. Give each row its own.",
    ),
    "a row too long": (
        PERSON + "A1,,,,,\nA2,Fern,Ash,F,,,,\n",
        "ssd_person.csv, line 3: This row has 8 fields, and the header has 6.",
    ),
    "a row too short": (PERSON + "A1,Fern\n", "line 2: This row has 2 fields"),
    "a row too long, after lines that are not rows": (
        PERSON + '\r\n\r\nA1,"Fern\r\nand\nMoss",,,,\r\n\r\nA2,,,,,,\r\n',
        "line 8: This row has 7 fields",
    ),
    "a fault after lines that are not rows": (
        "\n" + PERSON + '\nA1,"Fern\n\nand Moss",,,,\n\nA2,,,X,,\n',
        "line 8, pers_sex:",
    ),
    "lines ended by carriage returns": (
        PERSON.strip() + "\rA1,,,,,\rA2,,,X,,\r",
        "line 3, pers_sex:",
    ),
    "a file cut short inside quotation marks": (
        PERSON + 'A1,"Fern",,,,\nA2,"Ro',
        "line 3: A quotation mark is opened and never closed, as in a file cut short.",
    ),
    "a quotation mark left open, which would swallow rows": (
        PERSON + 'A1,"Fern,,,,\nA2,"Rowan",,,,\n',
        "line 3: A quotation mark stands in the middle of a field.",
    ),
    "text after a closing quotation mark": (
        PERSON + 'A1,"Fern" Ash,,,,\n',
        "line 2: A quotation mark stands in the middle of a field.",
    ),
    "a NUL byte": (PERSON + "A1,Fe\0rn,,,,\n", "line 2: It holds a NUL byte"),
    "UTF-16": (PERSON.encode("utf-16"), "line 1: It holds a NUL byte, as a file saved in UTF-16"),
    "Latin-1": ((PERSON + "A1,Zoë,,,,\n").encode("latin-1"), "line 2: It is not in UTF-8."),
    "a record of nine million letters": (
        PERSON + f"A1,,,,,\nA2,{'x' * 9_000_000},,,,\nA3,,,,,\n",
        "ssd_person.csv: A record is longer than 4 MB.",
    ),
    "a flag that is neither": (
        "pers_person_id,pers_send_flag\nA1,?\n",
        "line 2, pers_send_flag: The value is neither yes nor no. Write Y or N.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_a_csv_is_one_clear_message(tmp_path, name):
    content, message = FAULTS[name]
    error = refusal(folder_of(tmp_path, ssd_person=content))
    assert message in str(error)
    assert str(tmp_path) not in str(error)
    assert not re.search(r"Fern|Ash|Rowan|Zo|Moss", str(error))


@pytest.mark.parametrize(
    "wrong", ["2025-02-31 09:30:00", "2025-02-28 24:00:00", "0000-02-28 09:30:00", "yesterday"]
)
def test_one_instant_that_is_wrong_among_many_that_are_not_is_found(tmp_path, wrong):
    rows = [f"{n},A1,2025-03-30 01:{n:02}:00" for n in range(60)]
    rows[41] = f"41,A1,{wrong}"
    content = "cont_contact_id,cont_person_id,cont_contact_date\n" + "\n".join(rows)
    error = refusal(folder_of(tmp_path, ssd_contacts=content))
    assert (error.line, error.field) == (43, "cont_contact_date")


@pytest.mark.parametrize(
    ("column_name", "value", "message"),
    [
        ("prof_professional_caseload", "1.5", "“1.5” is not a whole number."),
        ("prof_professional_caseload", "9" * 19, "is not a whole number."),
        ("prof_full_time_equivalency", "nan", "“nan” is not a number."),
        ("prof_full_time_equivalency", "1e999", "is not a number."),
        ("prof_full_time_equivalency", "٣", "The value is not a number."),
    ],
)
def test_a_number_that_is_not_one_is_refused(tmp_path, column_name, value, message):
    content = f"prof_professional_id,{column_name}\nP1,{value}\n"
    assert message in str(refusal(folder_of(tmp_path, ssd_professionals=content)))


@pytest.mark.parametrize("value", ["{", "NaN", '[1,"' + "[" * 200_000, '{"a":1}{}'])
def test_json_that_no_database_would_read_is_refused(tmp_path, value):
    quoted = '"' + value.replace('"', '""') + '"'
    content = (
        "cinf_table_id,cinf_assessment_id,cinf_assessment_factors_json\nF1,A1," + quoted + "\n"
    )
    error = refusal(folder_of(tmp_path, ssd_assessment_factors=content))
    assert "line 2, cinf_assessment_factors_json: The value is not JSON." in str(error)


def test_a_folder_that_is_not_ssd_says_what_one_is(tmp_path):
    (tmp_path / "people.csv").write_text("a\n1\n")
    assert str(refusal(tmp_path)) == (
        f"{tmp_path.name}: This folder holds no table of the SSD. A folder of SSD tables has files "
        "named after them, such as ssd_person.csv or ssd_cin_episodes.parquet."
    )


def test_two_files_for_one_table_are_refused(tmp_path):
    folder_of(tmp_path, ssd_person=PERSON)
    (tmp_path / "ssd_person.parquet").touch()
    assert "ssd_person.parquet: There is also ssd_person.csv" in str(refusal(tmp_path))


def test_a_folder_in_a_tables_place_is_refused(tmp_path):
    (tmp_path / "ssd_person.parquet").mkdir()
    assert "This is a folder where a file is needed." in str(refusal(tmp_path))


# -- Parquet --------------------------------------------------------------------------------------


def parquet_of(place: Path, **columns: pa.Array) -> Path:
    """A folder with one row of `ssd_person` and these columns besides."""
    parquet.write_table(
        pa.table({"pers_person_id": ["A1"], **columns}), place / "ssd_person.parquet"
    )
    return place


@pytest.mark.parametrize(
    ("column_name", "written", "meant"),
    [
        ("pers_dob", pa.array([date(2015, 3, 27)], pa.date64()), date(2015, 3, 27)),
        ("pers_dob", pa.array([instant("2015-03-27 10:00")]), date(2015, 3, 27)),
        ("pers_dob", pa.array(["27/03/2015"], pa.large_string()), date(2015, 3, 27)),
        ("pers_dob", pa.array([None]), None),
        ("pers_send_flag", pa.array([True]), "Y"),
        ("pers_send_flag", pa.array([0], pa.int8()), "N"),
        ("pers_sex", pa.array(["F"]).dictionary_encode(), "F"),
        ("pers_surname", pa.array([""]), None),
        ("pers_legacy_id", pa.array([12], pa.int64()), "12"),
    ],
)
def test_a_parquet_column_may_be_of_any_fitting_type(tmp_path, column_name, written, meant):
    assert column(parquet_of(tmp_path, **{column_name: written}), column_name) == [meant]


def test_instants_of_a_parquet_file_in_another_zone_are_turned_to_londons_clock(tmp_path):
    moments = pa.array([instant("2025-07-01 09:30:15.9")], pa.timestamp("ns", "UTC"))
    table = pa.table(
        {"cont_contact_id": ["1"], "cont_person_id": ["A1"], "cont_contact_date": moments}
    )
    parquet.write_table(table, tmp_path / "ssd_contacts.parquet")
    assert column(tmp_path, "cont_contact_date") == [instant("2025-07-01 10:30:15")]


@pytest.mark.parametrize(
    ("column_name", "written", "message"),
    [
        ("pers_sex", pa.array(["X"]), "record 1, pers_sex: “X” is not a code of the set sex."),
        ("pers_dob", pa.array([3_650_000], pa.date32()), "record 1, pers_dob: The value is not a"),
        ("pers_dob", pa.array([1.5]), "record 1, pers_dob: The value is not a date."),
        ("pers_sex", pa.array([{"a": 1}]), "pers_sex: It holds values of the type struct<a: int64"),
        ("pers_surname", pa.array([1.5]), "which cannot be read as text."),
        ("pers_surname", pa.array(["Fe\0rn"]), "record 1, pers_surname: It holds a NUL character."),
    ],
)
def test_a_fault_in_a_parquet_file_is_one_clear_message(tmp_path, column_name, written, message):
    assert message in str(refusal(parquet_of(tmp_path, **{column_name: written})))


def test_parquet_that_is_not_parquet_is_refused(tmp_path):
    whole = io.BytesIO()
    parquet.write_table(pa.table({"pers_person_id": [str(n) for n in range(999)]}), whole)
    held = whole.getvalue()
    middle = len(held) // 4
    for damaged in (
        b"",
        b"pers_person_id\nA1\n",
        held[:-20],
        held[:middle] + b"\xff" * 99 + held[middle + 99 :],
    ):
        (tmp_path / "ssd_person.parquet").write_bytes(damaged)
        assert str(refusal(tmp_path)) == (
            "ssd_person.parquet: It is not a Parquet file, or it is damaged. "
            "Ask for the file again as it was written."
        )


# -- what is written reads back -------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=12)
AWKWARD = st.sampled_from(
    ['"', "a,b", "a\nb", "a\r\nb", "\r", "'", " ", "\ufeff", "Zoë 李", "''", '""', "\\N"]
)
VALUES = {
    Kind.TEXT: (TEXT | AWKWARD).filter(lambda text: text != "NULL"),
    Kind.DATE: st.dates(),
    Kind.INSTANT: st.datetimes().map(lambda moment: moment.replace(microsecond=0)),
    Kind.INTEGER: st.integers(-(10**18) + 1, 10**18 - 1),
    Kind.NUMBER: st.floats(allow_nan=False, allow_infinity=False),
    Kind.FLAG: st.sampled_from("YN"),
    Kind.JSON: st.sampled_from(['{"NFA_FLAG": "Y"}', "[]", '["1A", "2B"]', '"\\u0000"']),
}


@st.composite
def rows_of_some_table(draw):
    """Rows that a source might hold of one table: keys different, needed columns full."""
    table = draw(st.sampled_from(SOURCE_TABLES))
    size = draw(st.integers(0, 4))
    columns = {}
    for each in table.columns:
        value = VALUES[each.kind]
        if each.code_set:
            value = st.sampled_from(sorted(code_sets.codes(each.code_set)))
        if not (each.needed or each.key):
            value = st.none() | value
        columns[each.name] = draw(st.lists(value, min_size=size, max_size=size, unique=each.key))
    return table, pa.table(columns, schema=table.arrow_schema())


@given(rows_of_some_table(), st.sampled_from(["csv", "parquet"]))
@settings(max_examples=150, deadline=None)
def test_what_is_written_reads_back_the_same(made, format):
    table, rows = made
    with tempfile.TemporaryDirectory() as place:
        write_folder({table.name: rows}, Path(place), format)
        source = read(Path(place))
    assert source.tables[table.name].to_pylist() == rows.to_pylist()
    assert source.held >= {f"{table.name}.{each.name}" for each in table.columns}


def test_a_column_that_is_not_given_is_not_written(tmp_path):
    rows = pa.table({"pers_person_id": ["A1"], "pers_sex": ["F"]})
    write_folder({"ssd_person": rows}, tmp_path, "csv")
    assert (tmp_path / "ssd_person.csv").read_text() == '"pers_person_id","pers_sex"\n"A1","F"\n'
    assert [path.name for path in tmp_path.iterdir()] == ["ssd_person.csv"]
    held = {name for name in read(tmp_path).held if name.startswith("ssd_person.")}
    assert held == {"ssd_person.pers_person_id", "ssd_person.pers_sex"}


def test_every_column_that_shows_who_somebody_is_keeps_its_wrong_value_to_itself(tmp_path):
    for table in SOURCE_TABLES:
        for each in table.columns:
            if each.sensitivity is Sensitivity.IDENTIFYING and each.kind is Kind.DATE:
                needed = [column.name for column in table.columns if column.needed]
                values = ",".join(["A1"] * len(needed))
                content = f"{','.join(needed)},{each.name}\n{values},31/02/2015\n"
                folder_of(tmp_path, **{table.name: content})
                error = refusal(tmp_path)
                assert error.value is None
                assert "2015" not in str(error)

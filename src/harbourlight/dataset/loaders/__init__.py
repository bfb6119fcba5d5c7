"""Reading what authorities already have into the dataset's tables.

`read` takes a children in need census, an Annex A workbook or a folder of SSD tables and gives a
`Source`, whole, or raises one `UnreadableSource` that says what is wrong, where, and what to do. A
loader reads and types; it does not judge. A date that contradicts another is for the standards to
see.
"""

from pathlib import Path

from harbourlight.dataset.loaders.annex_a import read_annex_a
from harbourlight.dataset.loaders.census import read_census
from harbourlight.dataset.loaders.folder import read_folder
from harbourlight.dataset.loaders.source import Source, UnreadableSource

__all__ = ["Source", "UnreadableSource", "read"]

_WHAT_IS_READ = (
    "Give a children in need census (an XML file), an Annex A workbook (.xlsx) or a folder of SSD "
    "tables (ssd_person.csv or ssd_person.parquet, and so on)."
)


def read(path: Path) -> Source:
    """Read the census file, the workbook or the folder at `path`. Raises `UnreadableSource`."""
    name = path.name or str(path)
    try:
        if path.is_dir():
            return read_folder(path)
        if not path.exists():
            raise UnreadableSource(name, "There is no such file or folder.", _WHAT_IS_READ)
        match path.suffix.lower():
            case ".xlsx" | ".xlsm":
                return read_annex_a(path)
            case ".xls" | ".xlsb" | ".ods":
                raise UnreadableSource(
                    name,
                    "This is a workbook of another kind.",
                    "Save it as an Excel workbook (.xlsx).",
                )
            case ".csv" | ".parquet":
                raise UnreadableSource(
                    name, "This is one table of several.", "Give the folder that holds it."
                )
        if not path.is_file():
            raise UnreadableSource(name, "This is not an ordinary file.", _WHAT_IS_READ)
        return read_census(path)
    except OSError as error:
        raise UnreadableSource(
            name,
            f"It cannot be opened: {(error.strerror or 'the system refused').lower()}.",
            "Check that it is there and that you may read it.",
        ) from error

"""What is served of the front-end packages."""

import re
import shutil
from pathlib import Path

import pytest

from harbourlight.server.assets import SCRIPTS, STYLESHEETS, AssetsMissing, prepare

PACKAGES = Path(__file__).parents[2] / "node_modules"


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("served") / "assets"
    assert prepare(PACKAGES, target) is True
    return target


def test_neither_gov_uk_typeface_nor_crest_is_served(assets: Path) -> None:
    for path in assets.rglob("*"):
        assert not re.search(r"crest|crown|light-94a07e06a1|bold-b542beb274", path.name)
    for sheet in STYLESHEETS:
        css = (assets / sheet).read_text()
        assert "GDS Transport" not in css
        assert "govuk-crest" not in css
        assert "font-family:Atkinson Hyperlegible," in css


def test_every_address_in_the_stylesheets_is_a_served_file_and_every_file_is_asked_for(
    assets: Path,
) -> None:
    asked = {*STYLESHEETS, *SCRIPTS, "fonts/OFL.txt"}
    for sheet in STYLESHEETS:
        css = (assets / sheet).read_text()
        asked |= set(re.findall(r"url\(([^)]+)\)", css))
        assert css.count("{") == css.count("}")
    assert asked == {
        path.relative_to(assets).as_posix() for path in assets.rglob("*") if path.is_file()
    }


def test_each_style_of_the_typeface_is_declared_for_each_range_of_letters(assets: Path) -> None:
    css = (assets / STYLESHEETS[0]).read_text()
    faces = re.findall(r"@font-face *\{([^}]*)\}", css)
    facts = {
        (
            re.search(r"font-weight: (\d+)", face)[1],
            re.search(r"font-style: (\w+)", face)[1],
            re.search(r"unicode-range: (U\+\w+)", face)[1],
        )
        for face in faces
    }
    assert len(faces) == len(facts) == 8


def test_nothing_is_written_again_until_a_package_changes(assets: Path, tmp_path: Path) -> None:
    packages = tmp_path / "node_modules"
    shutil.copytree(PACKAGES, packages)
    target = tmp_path / "assets"
    assert prepare(packages, target) is True
    assert prepare(packages, target) is False
    (target / SCRIPTS[0]).unlink()
    assert prepare(packages, target) is True
    with (packages / "govuk-frontend/dist/govuk/govuk-frontend.min.css").open("a") as sheet:
        sheet.write(".new{color:red}")
    assert prepare(packages, target) is True
    assert ".new{" in (target / STYLESHEETS[0]).read_text()


def test_a_missing_package_is_named_and_what_was_served_stays(tmp_path: Path) -> None:
    target = tmp_path / "assets"
    target.mkdir()
    (target / "kept.css").touch()
    with pytest.raises(AssetsMissing, match=r"atkinson.* is not there. Run `make install`"):
        prepare(tmp_path / "node_modules", target)
    assert (target / "kept.css").exists()

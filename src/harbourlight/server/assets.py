"""Makes the front-end packages ready to serve.

    python -m harbourlight.server.assets [NODE_MODULES [TARGET]]

The packages hold ready-built CSS and JavaScript, so there is no bundler. What is served is a copy
of a few files with GOV.UK's typeface and crest taken out, because they are for gov.uk services
alone, and our own typeface put in. It must not copy anything the pages do not ask for.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

STYLESHEETS = ("govuk-frontend.min.css", "moj-frontend.min.css")
"""What a page links to, in this order, under the target folder."""

SCRIPTS = ("govuk-frontend.min.js", "moj-frontend.min.js")
"""JavaScript modules for the pages to import, under the target folder."""

_PACKAGES = {
    "govuk-frontend.min": "govuk-frontend/dist/govuk",
    "moj-frontend.min": "@ministryofjustice/frontend/moj",
}
_FONT = "@fontsource/atkinson-hyperlegible"
_FONT_FAMILY = "Atkinson Hyperlegible"
_FONT_STYLES = ("400", "400-italic", "700", "700-italic")
# Latin-ext is fetched by a browser only for a page with such a letter: Łukasz, Şükrü, Ștefan.
_FONT_SUBSETS = ("latin", "latin-ext")

_GOV_UK_FONT_FACE = re.compile(r"@font-face\{font-family:[\"']?GDS Transport[^}]*\}")
_CREST_RULE = re.compile(r"\.govuk-footer__copyright-logo:before\{[^}]*\}")
_ADDRESS = re.compile(r"url\(([\"']?)([^\"')]+)\1\)")
_SOURCE_MAP = re.compile(r"(/\*|//)# sourceMappingURL=[^\s*]+( \*/)?")


class AssetsMissing(RuntimeError):
    """The packages are not there, or not as they were when this was written."""


def prepare(node_modules: Path, target: Path) -> bool:
    """Make `target` hold exactly what is served; return whether anything had to change.

    Raises AssetsMissing, leaving `target` as it was.
    """
    try:
        made = dict(_files(node_modules))
    except FileNotFoundError as error:
        raise AssetsMissing(
            f"{error.filename} is not there. Run `make install` to fetch the front-end packages."
        ) from error
    if made == _existing(target):
        return False
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, content in made.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return True


def _files(node_modules: Path) -> Iterator[tuple[str, bytes]]:
    """Each file to serve: its name under the target, and its content."""
    yield from _font(node_modules / _FONT)
    for name in STYLESHEETS:
        package = node_modules / _PACKAGES[Path(name).stem]
        css = (package / name).read_text(encoding="utf-8")
        css = _CREST_RULE.sub("", _GOV_UK_FONT_FACE.sub("", css))
        css = css.replace("GDS Transport", _FONT_FAMILY)
        for address in {found[2] for found in _ADDRESS.finditer(css)}:
            image = PurePosixPath(address).relative_to("/assets")
            if image.parts[0] != "images" or "crest" in image.name or "crown" in image.name:
                raise AssetsMissing(f"{package / name} asks for {address}, which we may not serve.")
            yield str(image), (package / "assets" / image).read_bytes()
        css = _ADDRESS.sub(lambda found: f"url({found[2].removeprefix('/assets/')})", css)
        if name == STYLESHEETS[0]:
            css += _font_faces(node_modules / _FONT)  # not first: @charset is
        yield name, _without_source_map(css)
    for name in SCRIPTS:
        script = node_modules / _PACKAGES[Path(name).stem] / name
        yield name, _without_source_map(script.read_text(encoding="utf-8"))


def _without_source_map(text: str) -> bytes:
    """The file without the name of a map that is not served."""
    return _SOURCE_MAP.sub("", text).encode()


def _font(package: Path) -> Iterator[tuple[str, bytes]]:
    yield "fonts/OFL.txt", (package / "LICENSE").read_bytes()
    for subset in _FONT_SUBSETS:
        for style in _FONT_STYLES:
            file = _font_file(subset, style)
            yield f"fonts/{file}", (package / "files" / file).read_bytes()


def _font_faces(package: Path) -> str:
    """The rules for our typeface, from the package itself: they name each subset's letters."""
    faces = []
    for style in _FONT_STYLES:
        css = (package / f"{style}.css").read_text(encoding="utf-8")
        for face in re.findall(r"@font-face \{[^}]*\}", css):
            for subset in _FONT_SUBSETS:
                file = _font_file(subset, style)
                if f"/{file}" in face:
                    source = f"src: url(fonts/{file}) format('woff2');"
                    faces.append(re.sub(r"src: [^;]*;", source, face))
    if len(faces) != len(_FONT_STYLES) * len(_FONT_SUBSETS):
        raise AssetsMissing(f"{package} no longer declares the typeface as it did.")
    return "".join(re.sub(r"\s+", " ", face) for face in faces)


def _font_file(subset: str, style: str) -> str:
    weight, _, slant = style.partition("-")
    return f"atkinson-hyperlegible-{subset}-{weight}-{slant or 'normal'}.woff2"


def _existing(target: Path) -> dict[str, bytes]:
    return {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file()
    }


def main(arguments: list[str]) -> None:
    """Prepare the assets of this installation."""
    home = Path(os.environ.get("HARBOURLIGHT_HOME", "var"))
    given = dict(enumerate(map(Path, arguments)))
    try:
        prepare(given.get(0, Path("node_modules")), given.get(1, home / "assets"))
    except AssetsMissing as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])

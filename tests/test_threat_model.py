"""The threat model says where each promise is kept and what shows it: all of that is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_everything_the_threat_model_points_at_is_there() -> None:
    page = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = [line for line in page.split("## Promises")[1].splitlines() if line.startswith("| ")][1:]
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert len(rows) > 15
    missing = []
    for row in rows:
        _, promise, kept, shown, _ = row.split("|")
        places = [one for one in re.findall(r"`([^`]+)`", kept + shown) if "/" in one]
        found = (ROOT, ROOT / "src/harbourlight")
        missing += [one for one in places if not any((root / one).exists() for root in found)]
        named = re.findall(r"`(test_\w+)`", shown)
        missing += [one for one in named if f"def {one}(" not in tests]
        assert places, f"nothing keeps: {promise}"
        assert named or "tests/" in shown, f"nothing shows: {promise}"
    assert missing == []

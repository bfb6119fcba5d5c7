"""Runs the sector's open validator over files, in an environment where it is installed.

It is run by that environment's Python, and imports nothing of this project. Each line it is given
is JSON: a name, a census year and a file's XML; each line it gives is JSON: the name and the
answer. An answer is what it finds ([rule, LAchildID or null] each), the rules that stopped with an
error, and the error that stopped it altogether.

Two of its steps take a third of its time on a small file, and are replaced by quicker ones that
give the same: the copies it makes of its tables for each rule, and the table of issues that it
makes of none. With `--as-it-is` they are left.
"""

import contextlib
import importlib
import io
import json
import re
import sys
import warnings
from xml.etree import ElementTree

from cin_validator import cin_validator

warnings.filterwarnings("ignore")


def answer(year, xml):
    rules = importlib.import_module(f"cin_validator.rules.cin{year - 1}_{year % 100}").registry
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            tables = cin_validator.convert_data(ElementTree.fromstring(xml))
            ran = cin_validator.CinValidator(cin_validator.process_data(tables), rules)
            found = {(rule, None) for rule in ran.multichild_issues["rule_code"].tolist()}
            issues = ran.full_issue_df
            found |= set(
                zip(issues["rule_code"].tolist(), issues["child_id"].tolist(), strict=True)
            )
    except Exception as error:  # whatever stops it is its answer
        return {"found": [], "failed": [], "stopped": type(error).__name__}
    return {
        "found": sorted(
            ([str(rule), child if isinstance(child, str) else None] for rule, child in found),
            key=lambda one: (one[0], one[1] or ""),
        ),
        "failed": sorted(set(re.findall(r"^Error with rule (\w+):", printed.getvalue(), re.M))),
        "stopped": "",
    }


class Copies:
    """What it uses of the module `copy`: copies of tables, which copy themselves sooner."""

    @staticmethod
    def deepcopy(tables):
        return {name: table.copy() for name, table in tables.items()}


def without_issues(made):
    """Of no issues, the empty table that `made` would come to in several steps."""

    def issues_of(issues):
        if len(issues.row_df):
            return made(issues)
        return issues.row_df.reindex(
            columns=[*issues.row_df.columns, "columns_affected", "tables_affected"]
        )

    return issues_of


if "--as-it-is" not in sys.argv:
    cin_validator.copy = Copies
    context = sys.modules["cin_validator.rule_engine.__context"]
    context.create_issue_locs = without_issues(context.create_issue_locs)

for line in sys.stdin:
    asked = json.loads(line)
    given = answer(asked["year"], asked["xml"])
    sys.stdout.write(json.dumps({"name": asked["name"], **given}) + "\n")
    sys.stdout.flush()

"""Every file that is made from declarations, and what makes it.

`harbourlight generate` writes them; `harbourlight generate --check` fails where one is out of date.
"""

from collections.abc import Callable, Mapping

from harbourlight.dataset.dictionary import dataset_dictionary
from harbourlight.foundation.instruments.manual import instruments_manual
from harbourlight.messages import messages_template
from harbourlight.record.confidentiality.manual import access_manual
from harbourlight.record.questionnaires.lock import instruments_lock
from harbourlight.returns.cin.manual import pages as census_rules
from harbourlight.standards.manual import standards_manual

GENERATED: Mapping[str, Callable[[], str]] = {
    "docs/standards.md": standards_manual,
    "docs/dataset.md": dataset_dictionary,
    "docs/instruments.md": instruments_manual,
    "docs/access.md": access_manual,
    **census_rules(),
    "src/harbourlight/record/questionnaires/instruments/locked.toml": instruments_lock,
    "src/harbourlight/locale/harbourlight.pot": messages_template,
}
"""The path of each from the project's root, and the function that gives its text."""

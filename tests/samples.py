"""Census files that we did not make. They stand beside the checkout and are not part of it."""

import os
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[1].parent / "shared" / "samples"

# Someone with a bare checkout has not got them, and is told so. Where the proof is run they must
# be there: nothing is left out then, it fails.
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir() and not os.environ.get("CI"),
    reason="the sample census files are not beside this checkout, in ../shared/samples",
)

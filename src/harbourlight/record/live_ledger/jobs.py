"""Looking after the live ledger."""

from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.record.live_ledger.keeping import differences


class LedgerNotTrue(RuntimeError):
    """The stored ledger is not the one computed from nothing. How many entries differ is all."""


@job("Compare the ledger with one computed from nothing", every=nightly(4, 30), attempts=1)
def verify(work: Work) -> None:
    """Fails if any entry differs: `harbourlight ledger verify` then says which."""
    if found := differences():
        raise LedgerNotTrue(len(found))

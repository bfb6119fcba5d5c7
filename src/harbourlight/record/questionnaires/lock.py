"""Where the instruments that come with the record lie, and the lock that keeps them so."""

from pathlib import Path

from harbourlight.foundation.instruments.shelf import lock_text

INSTRUMENTS = Path(__file__).parent / "instruments"
"""Every version of each instrument, and the digest of each that was published."""


def instruments_lock() -> str:
    """The text of the lock, with new versions added. Raises `ChangedWithoutVersion`."""
    return lock_text(INSTRUMENTS)

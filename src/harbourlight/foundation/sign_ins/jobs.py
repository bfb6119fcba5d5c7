"""What is done at night about sessions."""

from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.foundation.sign_ins.actions import clear_ended_sessions


@job("Clear sessions that have ended", every=nightly(1, 10))
def clear_sessions(work: Work) -> None:
    """Delete ended sessions, words kept too long ago, and old lines of sign-ins."""
    clear_ended_sessions(at=work.at)

"""The service of every class of record, made once for the table."""

from tests.record.confidentiality.conftest import at_now, service

__all__ = ["at_now", "service"]

"""What is done to the triggers of history after each migration, so that nobody slips past them.

It must not make them: migrations do.
"""

from django.db import connections

NOT_PASSED_OVER = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""
"""pgtrigger lets any session name triggers to pass over, by a setting. None of ours may be."""

WRITTEN_AS_THE_OWNER = """
SELECT format(
    'ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', p.oid::regprocedure
)
FROM pg_trigger t
JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgname ~ '^pgtrigger_(insert_insert|update_update|delete_delete)_' AND NOT p.prosecdef
"""
"""Rows of history are written as their owner, so that whoever serves need not be able to."""


def close(using: str) -> None:
    """Have every trigger always act, and write as the owner of the tables."""
    with connections[using].cursor() as cursor:
        cursor.execute(NOT_PASSED_OVER)
        cursor.execute(WRITTEN_AS_THE_OWNER)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)

"""People and families."""

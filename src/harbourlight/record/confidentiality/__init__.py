"""Who may see whose record: restricted children, grants, and records opened with a reason."""

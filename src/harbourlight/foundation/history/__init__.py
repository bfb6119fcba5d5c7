"""Who did what, and who read what: lines that are added and never changed."""

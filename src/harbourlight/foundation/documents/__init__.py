"""Files that people give us: what they are, whether they are safe to keep, and where they lie.

It knows no domain and no model: whose document a file is, is for the record.
"""

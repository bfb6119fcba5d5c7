"""The ledger of the live record, kept true by every write."""

"""Documents on a child's record, and letters and records made into PDF."""

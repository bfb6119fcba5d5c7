"""Forms that were sent: so that one sent twice acts once."""

"""Work done in the background: what is waiting, running, done and failed."""

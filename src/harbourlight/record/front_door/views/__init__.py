"""Pages of the front door: the queue, recording a contact, and deciding it."""

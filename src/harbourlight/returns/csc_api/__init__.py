"""The department's daily feed of children's social care (version 1.0.1).

`shape` declares what a payload may hold, `building` makes one child's from the dataset, `changes`
works out what must be said since the last that was accepted, `outbox` keeps what is to be sent and
what was accepted, and `sending` sends it.
"""

"""A synthetic children's trust: invented people, seeded, with every failing it holds written down.

For demonstrations, for measuring speed, and for proving that each planted failing is found and
nothing else is. It makes its own dates and knows its own due days, so it imports `dataset` and
`standards` and never the ledger that will judge it. No Django, no database, no real person.
"""

from harbourlight.simulate.trust import Trust, simulate, write

__all__ = ["Trust", "simulate", "write"]

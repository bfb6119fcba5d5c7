"""Evaluates standards over a dataset into entries, and entries into measures.

An entry is one standard for one subject: when the duty began, when it fell due, when it was met.
Lateness is never stored; it is derived against an `as_at` that is always passed in. No Django.
"""

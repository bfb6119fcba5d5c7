"""The children in need census: what it consists of, and the rules it must keep.

A census is named by the year in which it ends: 2026 is the census of 2025/26, from 1 April 2025 to
31 March 2026.
"""

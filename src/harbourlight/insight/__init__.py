"""What the entries show: process-behaviour charts, and the report made from a source's files.

Plain functions over frames. No Django, no database of its own.
"""

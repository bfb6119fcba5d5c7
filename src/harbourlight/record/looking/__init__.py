"""Who has looked at a child's record, and which access is unusual and wants a second look.

Both are read from the lines of history that each page writes as it shows a child.
"""

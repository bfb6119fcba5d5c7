"""A child's chronology: its page, what is marked significant in it, and its printing.

What happened is each app's to tell (`people.chronology`).
"""

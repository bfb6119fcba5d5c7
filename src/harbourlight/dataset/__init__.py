"""The narrow waist: the tables every source is read into and every standard is asked of.

The Standard Safeguarding Dataset (SSD) plus our marked extension, declared once in `tables`.
Imports `standards` only, and no Django.
"""

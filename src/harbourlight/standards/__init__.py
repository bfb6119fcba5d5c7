"""Every duty declared once: its source, its clock, and the expression that finds its subjects.

Pure Python and Ibis expressions. Imports nothing else of ours, opens no connection, and never asks
what today is.
"""

"""The report made from a source's files: one page that needs nothing but itself.

No script, no outside file, no name of anyone: children are shown by their identifier. It is laid
out for a screen of 320 pixels and up, and for A4 paper.
"""

from harbourlight.insight.report.contents import Report, Section, Unanswered, section
from harbourlight.insight.report.rendering import render

__all__ = ["Report", "Section", "Unanswered", "render", "section"]

"""What was found, as one page to read in a browser, to print and to pass on.

It holds its style within it and needs nothing else: no script, no other file, no network.
"""

from harbourlight.returns.cin.report.rendering import write_html

__all__ = ["write_html"]

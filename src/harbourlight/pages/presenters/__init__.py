"""What the pages that gather show, ready to display.

A presenter is given what a view has fetched. It asks the database nothing.
"""

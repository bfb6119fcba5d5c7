"""The record: a child's journey, one Django app for each noun of practice.

Each app is a whole slice: models, selectors (reads), actions (writes), policies (may they, does the
state allow), forms, views, templates. `extract` is the one mapping from these models to the
dataset.
"""

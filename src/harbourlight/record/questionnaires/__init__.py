"""Questionnaires answered about children: the pages and rows that put instruments on the record."""

"""The views of the pages that gather: each fetches, decides and presents."""

"""Contacts, the children they concern, and a manager's decisions on them."""

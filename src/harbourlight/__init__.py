"""Harbourlight: an open record and practice-assurance system for children's services."""

__version__ = "0.1.0"

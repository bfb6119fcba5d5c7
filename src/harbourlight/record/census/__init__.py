"""The children in need census of the live record, and checks of another system's file."""

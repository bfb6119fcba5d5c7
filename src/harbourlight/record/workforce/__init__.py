"""Teams and the professionals who work in them."""

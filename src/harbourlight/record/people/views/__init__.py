"""Pages of people: finding them, adding them, and one person's record."""

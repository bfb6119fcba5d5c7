"""Who is signed in where, and the words they had typed when a session ended."""

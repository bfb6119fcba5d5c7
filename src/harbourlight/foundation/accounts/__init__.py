"""People's accounts: who may sign in, what their work is, and signing in itself."""

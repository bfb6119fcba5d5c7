"""Every component in every state, for whoever builds or tests a page. Not served in production."""

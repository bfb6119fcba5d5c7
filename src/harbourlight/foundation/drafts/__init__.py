"""What people have typed and not yet sent, so that nothing typed is lost."""

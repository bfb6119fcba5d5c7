"""What people are told, in the application and by e-mail, and how each has chosen to be told."""

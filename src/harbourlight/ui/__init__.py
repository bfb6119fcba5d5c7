"""Page layouts, components, form fields and how things are written. Knows no domain."""

"""People who may be one: proposed by a machine, decided by a person, and undone exactly."""

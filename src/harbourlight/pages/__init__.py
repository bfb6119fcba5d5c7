"""What gathers across the record: my work, the team, the child's page, the board.

Pages read and present; every write is an action of the app it belongs to.
"""

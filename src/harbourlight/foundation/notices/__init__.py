"""What people are told, in the application and by e-mail, and how each has chosen to be told.

An app declares each kind of notice once (`declaring.declare`), and tells people of one inside the
act that it is about (`actions.tell`).
"""

"""The speeds we promise, measured at the size of the demonstration.

Each figure stands beside a floor from the same run: the same rows by plain SQL, or one pass over
the same data. Read the ratio; a time says as much of the machine as of the code. Never a test.
"""

"""What every part of the record stands on: people's accounts, what each may do, and the trail.

It knows no noun of the domain: no child, no contact, no assessment.
"""

"""Section 47 enquiries, conferences, child protection plans and their reviews."""

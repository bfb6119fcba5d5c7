"""What the law asks an authority to send: built from the dataset, and checked. Knows no record."""

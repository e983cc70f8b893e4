"""The doors of ledgers and of the links to other systems."""

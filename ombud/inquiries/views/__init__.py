"""The doors of an information request: the customer's road, and the pages of staff."""

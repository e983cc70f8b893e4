"""A service desk that speaks as Agiloft does: the alrest surface, the older EW operations, the
webhooks, and a page on which to press the button."""

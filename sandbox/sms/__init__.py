"""An SMS gateway in the shape of 46elks."""

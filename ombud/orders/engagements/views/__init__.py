"""The pages of an engagement."""

"""The doors of an agreement: the application, a guest's own pages, and the page of its parties."""

"""The doors of what a provider works on, a file a kind."""

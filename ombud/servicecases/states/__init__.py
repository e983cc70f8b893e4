"""The lives of what a provider works on, a file a kind."""

"""The pages of what a provider works on."""

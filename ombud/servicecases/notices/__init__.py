"""Who hears of what happens, a file a kind."""

"""The shapes of what is done, a file a kind; and with customer cards."""

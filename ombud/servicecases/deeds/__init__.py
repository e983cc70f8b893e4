"""What can be done, as both doors know it, a file a kind; and with customer cards."""

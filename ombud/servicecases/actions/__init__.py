"""What can happen, a file a kind; and to customer cards."""

"""Who may do what with what a provider works on, a file a kind; and with customer cards."""

"""What the pages show, told in words, a file a kind."""

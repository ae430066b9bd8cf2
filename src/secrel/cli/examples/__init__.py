"""Files that `secrel init` writes as examples."""

"""Issues, merge requests, and what is said about them."""

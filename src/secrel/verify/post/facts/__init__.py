"""The facts of a post as found: read, never judged."""

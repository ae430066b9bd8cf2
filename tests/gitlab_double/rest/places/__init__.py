"""Projects, groups and people."""

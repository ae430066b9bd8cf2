"""The embedded forge: issues and merge requests in one SQLite file beside real git repositories."""

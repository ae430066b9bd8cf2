"""A git history as values: commits and their parents, the tags and branches on them, what their messages say."""

"""Where a story is played: the embedded forge, or a GitLab; nothing of the story knows which."""

"""GitLab: GitLab.com, or an instance of one's own, behind the ports of the forge."""

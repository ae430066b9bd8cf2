"""What the desk does to a GitLab: by REST, once each, found again and read back (gitlab-api.md 7)."""

"""What shows that the double answers as GitLab was seen to answer."""

"""How a release is seen on GitLab: queries in a few waves, answers decoded strictly, words out."""

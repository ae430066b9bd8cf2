"""The rows of a release's merge requests, and their words: what the checklist and the command line both show."""

"""The wording of every message, a template each; a desk may replace any of them by its own."""

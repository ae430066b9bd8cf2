"""Commit graph, tags and fixes in; affected spans with their proof out."""

"""Recorded requests, asked again of a double whose world is filled to resemble what was there."""

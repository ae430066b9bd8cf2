"""Repositories and pipelines."""

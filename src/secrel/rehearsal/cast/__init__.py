"""Everybody in a rehearsal: the people at the desk, and all others who act around it."""

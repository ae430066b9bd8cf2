"""Attacks: what somebody may try so that a secret gets out, a table for each kind."""

"""Ports in; a snapshot out; never judges."""

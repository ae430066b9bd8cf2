"""Ranges as they are said: sentences for people, records for machines, and what differs between two of them."""

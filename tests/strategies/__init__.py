"""Strategies that several rooms' property tests share."""

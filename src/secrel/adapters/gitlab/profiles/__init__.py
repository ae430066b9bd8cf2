"""Profiles that ship: one file for each instance that is known beforehand."""

"""Announcement posts as found, edited by people or published long ago: their facts, and what is wrong with them."""

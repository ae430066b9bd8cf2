"""How a release stands: for a tired person, for a page, and for programs (mission M3)."""

"""How the room's two text formats are taken apart, with the line of everything that is found."""

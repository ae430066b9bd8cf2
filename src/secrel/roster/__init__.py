"""People, regions and absences in; duties out."""

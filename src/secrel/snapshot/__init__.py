"""What was seen at one instant, and what could not be seen."""

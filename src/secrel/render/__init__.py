"""Values in; documents out."""

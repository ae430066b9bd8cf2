"""The texts that plans carry: which renderer writes what, from what was seen."""

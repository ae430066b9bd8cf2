"""Documents as found in; facts and disagreements out."""

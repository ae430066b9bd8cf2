"""What the double knows: plain things, what happens to them when somebody acts, and who may see them."""

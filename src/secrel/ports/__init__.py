"""What we need from outside, as small protocols."""

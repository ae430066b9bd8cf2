"""Which commits carry the same change: backports found, and reverts, each with the signal that tells."""

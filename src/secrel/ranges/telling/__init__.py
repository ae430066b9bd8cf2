"""Telling what was proved: spans, series with a proof for each end, and every reason why something is not proved."""

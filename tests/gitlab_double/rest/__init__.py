"""REST: `/api/v4`, route by route."""

"""How tags name versions: patterns, and the catalogue of versions that they and the published list make."""

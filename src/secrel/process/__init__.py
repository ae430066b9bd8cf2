"""The process as data: phases, gates, owners, due rules, checks and remedies, read from TOML."""

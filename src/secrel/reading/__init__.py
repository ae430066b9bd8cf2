"""Strict TOML and YAML written by people: text in, values out, every fault with file:line."""

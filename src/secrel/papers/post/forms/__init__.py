"""The forms that ship: a folder each, with `form.toml` (addresses, names, words) and `post.md.j2` (the prose)."""

"""The git repositories of the embedded forge: read, written, made, and how merge requests stand in them."""

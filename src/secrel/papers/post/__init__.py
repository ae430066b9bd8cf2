"""The announcement post, in the form of its age or the desk's own."""

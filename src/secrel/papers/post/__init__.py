"""The announcement post, in the form of its age or the desk's own."""

from secrel.papers.post.post import Author, Post, post_templates, render_post

__all__ = ["Author", "Post", "post_templates", "render_post"]

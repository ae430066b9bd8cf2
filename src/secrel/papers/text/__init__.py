"""Other people's text, made safe for the place it goes to: Markdown, HTML, front matter, one line."""

from secrel.papers.text.addresses import web_address
from secrel.papers.text.cleaning import clean, one_line, paragraphs
from secrel.papers.text.markdown import Markdown, link, markdown_cell, markdown_text
from secrel.papers.text.places import html_text, yaml_string
from secrel.papers.text.steps import markdown_prose, markdown_steps
from secrel.papers.text.unmarking import unmarked

__all__ = [
    "Markdown",
    "clean",
    "html_text",
    "link",
    "markdown_cell",
    "markdown_prose",
    "markdown_steps",
    "markdown_text",
    "one_line",
    "paragraphs",
    "unmarked",
    "web_address",
    "yaml_string",
]

"""Other people's text, made safe for the place it goes to: Markdown, HTML, front matter, one line."""

from secrel.papers.text.addresses import web_address
from secrel.papers.text.cleaning import clean, html_text, one_line, paragraphs, yaml_string
from secrel.papers.text.markdown import Markdown, link, markdown_cell, markdown_text, unmarked
from secrel.papers.text.steps import markdown_prose, markdown_steps

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

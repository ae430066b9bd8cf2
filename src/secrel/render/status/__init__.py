"""How a release stands: for a tired person, for a page, and for programs (mission M3)."""

from secrel.render.status.data import status_json
from secrel.render.status.page import status_markdown
from secrel.render.status.text import status_text

__all__ = ["status_json", "status_markdown", "status_text"]

"""How a release stands: for a tired person, for a page, and for programs (mission M3)."""

from secrel.faces.status.board import Board, board_of
from secrel.faces.status.data import status_json
from secrel.faces.status.gate import gate_text
from secrel.faces.status.html import status_html
from secrel.faces.status.page import status_markdown
from secrel.faces.status.text import status_text

__all__ = ["Board", "board_of", "gate_text", "status_html", "status_json", "status_markdown", "status_text"]

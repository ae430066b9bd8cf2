"""The page of a release at the minute it is due, to be looked at: `python -m bench.page FOLDER`.

The story is the one that ships, as far as its last minute before the announcement: what waits for a person then is the
plan that makes it public. README.md beside this file says how the page is looked at, and how the README's picture comes
from it.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from importlib import resources
from pathlib import Path

from bench.commands import STORY
from secrel.desk.carrying_out import carry_out_free
from secrel.faces.status.board import board_of
from secrel.faces.status.html import status_html
from secrel.papers.world import world_of
from secrel.rehearsal.playing import play
from secrel.rehearsal.story import read_story


def page(folder: Path) -> str:
    """Play the story in `folder` until it is due, and give the page as it is before anybody approves anything."""
    text = (resources.files("secrel.rehearsal") / "stories" / f"{STORY}.yaml").read_text("utf-8")
    story = read_story(text, STORY)
    due = story.release.due
    played = play(story, folder, until=due - timedelta(minutes=1))
    played.stage.clock.move_to(due)
    played.world.act(due)
    carried = carry_out_free(played.stage.desk(played.stage.team[0].username), story.release.name)
    return status_html(board_of(carried.look, plan=carried.left, documents=world_of(carried.look)))


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write("name the folder to leave the page in: python -m bench.page FOLDER\n")
        return 2
    file = Path(sys.argv[1]) / "page.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        file.write_text(page(Path(folder) / "rehearsal"), "utf-8")
    print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())

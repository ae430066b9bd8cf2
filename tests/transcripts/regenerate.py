"""Play every story again and write it as it is now: `python -m tests.transcripts.regenerate [NAME …]`.

Read the difference before it is committed: it is what users will see.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.transcripts.test_transcripts import STORIES, as_it_is_now


def main() -> None:
    for story in STORIES:
        if not sys.argv[1:] or story.stem in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                story.write_text(as_it_is_now(story, Path(folder)), "utf-8")


if __name__ == "__main__":
    main()

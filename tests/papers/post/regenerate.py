"""Write the golden posts anew: `python -m tests.papers.post.regenerate`; then read what changed before it is kept."""

from __future__ import annotations

from pathlib import Path

from secrel.evaluate.registry import shipped
from secrel.papers.post.post import post_templates, render_post
from tests.papers.post.stories import AUTHOR, STORIES

MORE = {key: f"https://product.example/{key}" for key in ("all_feed", "security_faq", "update")}
ADDRESSES = {**shipped("generic").addresses, **MORE}
GOLDEN = Path(__file__).parent / "golden"


def golden_text(name: str) -> str:
    """The post of a story as its golden file has it: its path and branch, then the file."""
    post = render_post(STORIES[name](), AUTHOR, templates=post_templates(), addresses=ADDRESSES)
    return f"<!-- {post.path} on {post.branch_name}, {post.address} -->\n{post.text}"


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for name in STORIES:
        (GOLDEN / f"{name}.md").write_text(golden_text(name), "utf-8")


if __name__ == "__main__":
    main()

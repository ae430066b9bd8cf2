"""`secrel make-blogpost` and `secrel terminate`: the post's way, and the end of the release (mission M6, M8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from cyclopts import Parameter

from secrel.cli.session import NOWHERE, Where, finish, finish_approved, follow, open_desk, release_name, say, someone
from secrel.cli.turns import whose_turn_it_is
from secrel.desk.authors import name_author
from secrel.desk.carrying_out import carry_out_approved, carry_out_free
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.evaluate.remedies import quoted
from secrel.papers.post.current import post_now
from secrel.papers.post.written import Author
from secrel.words.errors import Exit, Misused

ENDING = ("public_issues", "next_tracking_issue", "close_tracking")
_WORKS = {"--draft": ("draft_post",), "--release": ("release_post",)}


def make_blogpost(
    release: str = "",
    /,
    *,
    email: Annotated[str, Parameter(name=("--email", "-e"))] = "",
    full_name: Annotated[str, Parameter(name=("--full-name", "-f"))] = "",
    username: Annotated[str, Parameter(name=("--username", "-n"))] = "",
    draft: bool = False,
    release_post: Annotated[bool, Parameter(name="--release")] = False,
    terminate: bool = False,
    approve: str = "",
    where: Where = NOWHERE,
) -> int:
    """Print the post for review; with a flag, open its draft, open the release post, or end the release.

    Example: `secrel make-blogpost 2026-11 -e amara@acme.example -f "Amara Example" -n amara` prints it, and the same
    with `--draft` opens it as a draft where nobody else can read it.

    Exit words: 0 done, 2 misused, 4 refused: opening the release post reveals, and needs an approval.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    email
        The author's address.
    full_name
        The author's first and last name.
    username
        The author's handle on the forge.
    draft
        Open the draft, or bring it up to date.
    release_post
        Open the reviewed draft as the release post.
    terminate
        End the release: as `secrel terminate`.
    approve
        The digest of the plan that the same command showed.
    """
    modes = sum((draft, release_post, terminate))
    if modes > 1:
        raise Misused("--draft, --release and --terminate exclude each other", remedy="choose one of them")
    who = replace(where, by=where.by or username)
    desk = open_desk(who)
    name = release_name(desk, release)
    if (email or full_name) and not username:
        raise Misused("the author has no username", remedy='name all three: -e EMAIL -f "FIRST LAST" -n USERNAME')
    author = Author(full_name or username, email, username) if username else None
    if not modes:
        say(post_now(look(desk, name), author).text)
        return Exit.DONE
    someone(who)
    if author is not None:
        name_author(desk, name, author)
    mode = "--terminate" if terminate else "--draft" if draft else "--release"
    words = ("make-blogpost", quoted(name), mode)
    if terminate:
        return _end(who, desk, name, approve, words)
    return _carry_out(who, desk, name, approve, words)


def terminate(release: str = "", /, *, approve: str = "", where: Where = NOWHERE) -> int:
    """End a release: lift confidentiality, open the next tracking issue, close this one.

    Issues stay confidential until the release's days of disclosure are over (30, or 90), and for good when they are
    labelled so.

    Example: `secrel terminate 2026-11 --by amara` shows what it would do, and the command that does it.

    Exit words: 0 done, 4 refused: making issues public needs an approval, and its time.

    Parameters
    ----------
    release
        The release's name.
    approve
        The digest of the plan that the same command showed.
    """
    someone(where)
    desk = open_desk(where)
    name = release_name(desk, release)
    return _end(where, desk, name, approve, ("terminate", quoted(name)))


def _end(where: Where, desk: Desk, name: str, approve: str, words: Sequence[str]) -> int:
    word = _carry_out(where, desk, name, approve, words)
    return word or follow(carry_out_free(desk, name, ("checklist",)))  # nobody looks at it after this


def _carry_out(where: Where, desk: Desk, name: str, approve: str, words: Sequence[str]) -> int:
    """Do what has its turn; after an approval also what has its turn by that, as long as it needs none."""
    wanted = _WORKS.get(words[-1], ENDING)
    works = whose_turn_it_is(desk, name, wanted)
    if approve:
        word = finish_approved(desk, name, carry_out_approved(desk, name, read=approve, only=works))
        return word or follow(carry_out_free(desk, name, whose_turn_it_is(desk, name, wanted)))
    return finish(where, carry_out_free(desk, name, works), works, words)

"""`secrel email`: the mail to subscribers, and the test mail that is verified before (mission M7)."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from secrel.cli.session import NOWHERE, Where, finish, note, open_desk, release_name, say, someone
from secrel.desk.carrying_out import carry_out_free
from secrel.desk.looking import look
from secrel.desk.mailing import verify_mail
from secrel.files import read_file
from secrel.papers.email.current import email_now
from secrel.reading import largest
from secrel.verify.email import read_email
from secrel.words.errors import Exit

app = App(
    name="email", version_flags=(), help="The mail to subscribers: its draft, and the verification of the test mail."
)


@app.command
def draft(
    release: str = "",
    /,
    *,
    issue: bool = False,
    eml: bool = False,
    where: Where = NOWHERE,
) -> int:
    """Print the mail as the facts are now; with --issue, open the communications issue that carries it.

    Example: `secrel email draft 2026-11`, then `secrel email draft 2026-11 --issue --by amara`.

    Exit words: 0 done, 2 misused when a fact is missing, 4 refused when its turn has not come.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    issue
        Open the communications issue, or bring it up to date.
    eml
        Print the whole message, with headers and both parts.
    """
    desk = open_desk(where)
    name = release_name(desk, release)
    if issue:
        someone(where)
        return finish(where, carry_out_free(desk, name, ("comms_issue",)), ("comms_issue",))
    mail = email_now(look(desk, name))
    say(mail.eml if eml else f"Subject: {mail.subject}\n\n{mail.text}")
    return Exit.DONE


@app.command
def verify(release: str, file: Path, /, *, where: Where = NOWHERE) -> int:
    """Verify a test mail as it was received: links, versions, the word Critical, agreement with the post.

    The result is remembered, and the mail to subscribers waits for a test mail without faults. Of a file without a
    Received line it is said that no mail server has had it.

    Example: `secrel email verify 2026-11 test-mail.eml --by amara`.

    Exit words: 0 done, 2 misused when the file is no mail, 3 blocked when something disagrees.

    Parameters
    ----------
    release
        The release's name.
    file
        The mail as it was received, an .eml file.
    """
    someone(where)
    received = read_file(file, "the mail", most=largest.MAIL, remedy="save the test mail alone, as an .eml file")
    found = verify_mail(open_desk(where), release, received)
    for one in found:
        say(f"{one.rule}: {one.what} ({one.where})")
    if not found:
        say("the mail is right: links, versions and Critical are the release's, and its post's where there is one")
        if not read_email(received).is_received:
            note("no mail server has had it (it has no Received line): what arrives is seen once it was sent to you")
        return Exit.DONE
    note(f"blocked: {release}: the test mail has {len(found)} fault{'s' if len(found) > 1 else ''}")
    note(f"  to go on: have it corrected and sent again, then: secrel email verify {release} FILE.eml")
    return Exit.BLOCKED

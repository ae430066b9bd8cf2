"""The mails and the communications issue as files to be opened: `python -m tests.papers.email.goldens` writes them."""

from __future__ import annotations

from pathlib import Path

from secrel.papers.email.comms import render_comms_issue
from secrel.papers.email.headers import mailbox_header, text_header
from secrel.papers.email.written import Comms
from tests.papers.email.samples import FORMS, LINKS, critical, mail, mail_in_scripts, planned, two_products
from tests.strategies.headers import HEADER_TEXTS

FOLDER = Path(__file__).parent / "goldens"
READABLE = 200


def documents() -> dict[str, str]:
    """Every golden by its file name."""
    found = {}
    for form in FORMS:
        for name, contents in (("planned", planned(form)), ("critical", critical(form)), ("two", two_products(form))):
            found[f"{form}-{name}.txt"] = mail(contents).text
        found[f"{form}-corrects.txt"] = mail(two_products(form), corrects=True).text
    found |= {f"{form}-planned.html": mail(planned(form)).html for form in FORMS}
    found["2023-critical.eml"] = mail(critical()).eml
    found["2026-scripts.eml"] = mail_in_scripts().eml
    found["headers.txt"] = "\n".join(
        f"{text_header('Subject', text)}\n{mailbox_header('From', text, 'security@acme.example')}\n"
        for text in HEADER_TEXTS
        if len(text) <= READABLE
    )
    comms = Comms(
        ("acme-communications",),
        segment="notices@acme.example",
        draft="https://forge.test/acme/security/site/-/merge_requests/900",
    )
    for name, contents in (("planned", planned()), ("critical", critical("2026"))):
        issue = render_comms_issue(contents, mail(contents), LINKS, comms)
        found[f"comms-{name}.md"] = f"{issue.title}\n\n{issue.body}"
    return found


def write() -> None:
    """Write every golden, and remove what is no longer one."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, text in documents().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write()

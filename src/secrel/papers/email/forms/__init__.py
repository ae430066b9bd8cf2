"""The mails that ship: a folder per form with `email.md.j2`, and `mail.html.j2`, the frame of the HTML part."""

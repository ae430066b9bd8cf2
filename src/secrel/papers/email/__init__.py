"""The announcement's mail, and the issue that asks for it to be sent (mission M7)."""

from secrel.papers.email.comms import Comms, render_comms_issue
from secrel.papers.email.mail import Email, MailLinks, render_email
from secrel.papers.email.message import Envelope, Sender

__all__ = ["Comms", "Email", "Envelope", "MailLinks", "Sender", "render_comms_issue", "render_email"]

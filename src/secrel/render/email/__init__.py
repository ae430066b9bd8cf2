"""The announcement's mail, and the issue that asks for it to be sent (mission M7)."""

from secrel.render.email.comms import Comms, render_comms_issue
from secrel.render.email.mail import Email, MailLinks, render_email
from secrel.render.email.message import Envelope, Sender

__all__ = ["Comms", "Email", "Envelope", "MailLinks", "Sender", "render_comms_issue", "render_email"]

"""The announcement's mail, and the issue that asks for it to be sent (mission M7)."""

from secrel.render.email.mail import Email, MailLinks, render_email
from secrel.render.email.message import Envelope, Sender

__all__ = ["Email", "Envelope", "MailLinks", "Sender", "render_email"]

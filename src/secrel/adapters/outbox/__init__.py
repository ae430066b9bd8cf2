"""What has no service behind it yet: mails, messages, notices and records as files that a person can send."""

"""The announcement's mail, and the issue that asks for it to be sent (mission M7)."""

"""Append-only memory: intents, receipts, approvals, claims."""

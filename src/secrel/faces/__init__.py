"""What somebody at the desk sees: status, plan, fixes, merge requests, rotation, flowchart; values in, text out."""

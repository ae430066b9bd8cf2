"""Every small text the desk sends, as Markdown: questions, notices, handovers, tracking issues."""

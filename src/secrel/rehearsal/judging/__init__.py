"""What a reader, a finder or an auditor would complain of when a rehearsal is over."""

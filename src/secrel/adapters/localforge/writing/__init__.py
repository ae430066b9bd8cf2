"""What is written to the embedded forge: by the desk, and what people write in the same way."""

"""Arguments in; the desk called; a stream and an exit word out."""

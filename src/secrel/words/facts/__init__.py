"""Facts: what people state of a release and of its fixes; how it is read, and how it is written."""

"""Git repositories, read with git's plumbing and from its commit-graph file; never written, never over the network."""

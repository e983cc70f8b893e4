"""One file a vendor: what its interface is like, and nothing of ours."""

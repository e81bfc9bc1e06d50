"""Work for the background: in batches under a lease, done by workers."""

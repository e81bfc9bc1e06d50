"""A reseller's chat rooms: which notices they get, by which webhook, and a notice to try it."""

"""License IDs and holdings by hand, on their pages: by those whom the reseller's setting names."""

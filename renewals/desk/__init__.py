"""The renewal desk: one row for each license ID and expiry, what stage it is at, whose it is, what comes next."""

"""Lists of quotes, a quote's own page, and the search of records."""

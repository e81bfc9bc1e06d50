"""Pages on which price files come in and go out."""

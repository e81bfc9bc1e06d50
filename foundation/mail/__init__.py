"""Outgoing e-mail: the queue, the talk with the mail server, and what comes back."""

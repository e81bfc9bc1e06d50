"""Notices to chat rooms by the address of a webhook: the queue, and the talk with the chat's server."""

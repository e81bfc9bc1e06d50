"""Text as people type, copy and save it: what is compared, and what is seen."""

from .invisible import is_blank, strip_invisible

__all__ = ["is_blank", "strip_invisible"]

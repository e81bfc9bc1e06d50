"""Kinds of objects that addresses are about, and who makes them: `tests/access/world.py` tells how to add one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.access.world import World


@dataclass(frozen=True)
class Things:
    """The objects of a kind. Without `b` they belong to nobody: prices and products."""

    a: Any
    """Of reseller A, and of its customer A."""
    b: Any = None
    """Of reseller B, and of its customer B."""
    neighbour: Any = None
    """Of reseller A, but of another customer."""
    by_token: bool = False
    """Whoever knows the address may see it, without a log-in."""

    @property
    def is_owned(self) -> bool:
        return self.b is not None

    def own(self, role: str) -> Any:
        return self.b if self.is_owned and role.endswith(" B") else self.a

    def others(self, role: str) -> list[Any]:
        """Anothers', where the kind has owners."""
        if not self.is_owned:
            return []
        if role.endswith(" B"):
            return [self.a]
        return [self.b, self.neighbour] if role == "contact A" and self.neighbour is not None else [self.b]


Maker = Callable[["World"], Things]
KINDS: dict[str, Maker] = {}


def kind(name: str) -> Callable[[Maker], Maker]:
    def register(maker: Maker) -> Maker:
        KINDS[name] = maker
        return maker

    return register

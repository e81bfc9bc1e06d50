"""What tells whose something is: names, codes, numbers and amounts that stand in nobody else's data."""

from collections.abc import Iterator

from tests.access.asking import OWN, Answer
from tests.access.costs import marks_of_margins, marks_of_own_costs
from tests.access.world import HOSTILE, World

SIDES = ("a", "b", "neighbour")


def marks_of(world: World, side: str) -> list[str]:
    """What tells of a customer's quotes and drafts to their reseller."""
    total = f"{getattr(world.quotes, side).total:,}"
    code = getattr(world.license_ids, side).code
    return [code, total, *_papers(world, side), *_internal(world, side)]


def marks_of_others(world: World, answer: Answer) -> Iterator[str]:
    """What must not stand in an answer."""
    role, is_in_administration = answer.role, answer.row.address.startswith("admin:")
    for side in SIDES:
        if not ((role == "manager A" and _works_for(role, side)) or (role == "portal admin" and is_in_administration)):
            yield from marks_of_margins(world, side)
            yield from marks_of_own_costs(world, side)
    if role == "portal admin":
        return
    for side in SIDES:
        if not _sees(answer, side, world):
            yield from _papers(world, side)
            yield from _internal(world, side)
            if role != "price admin":  # a quote may be kept as a golden case, without its customer
                yield f"{getattr(world.quotes, side).total:,}"
        elif not _works_for(role, side):
            yield from _internal(world, side)
        if role != "price admin" and not _sees(answer, side, world):  # an impact names those who would pay more
            yield from _names(world, side)


def _sees(answer: Answer, side: str, world: World) -> bool:
    """Whether the role may read of a customer: a, b, or the neighbour of a."""
    role, things = answer.role, world.things.get(answer.row.kind)
    if things and things.by_token and not things.is_owned and side == "a" and answer.whose == OWN:
        return True
    if role == "price admin":
        return False
    if role == "anonymous":
        return side == "a" and answer.whose == OWN and bool(things and things.by_token)
    if side == "neighbour":
        return role in ("staff A", "manager A")
    return role.endswith("B") == (side == "b")


def _works_for(role: str, side: str) -> bool:
    """Whether the role is one of the people of the reseller of a side."""
    return role in (("staff B",) if side == "b" else ("staff A", "manager A"))


def _names(world: World, side: str) -> Iterator[str]:
    cast = world.cast
    customers = {"a": cast.customer, "b": cast.foreign_customer, "neighbour": cast.english_customer}
    yield _plain(customers[side].name)
    yield getattr(world.license_ids, side).code
    if side == "b":
        yield from (_plain(cast.minato.name), _plain(cast.stranger.name), cast.stranger.email)
        yield from (_plain(cast.foreign_contact.name), cast.foreign_contact.email)
    if side == "a":
        yield from (_plain(cast.aoba.name), _plain(cast.staff.name), cast.staff.email)
        yield from (_plain(cast.contact.name), cast.contact.email)


def _papers(world: World, side: str) -> Iterator[str]:
    quote = getattr(world.quotes, side)
    yield from (str(quote.key), _plain(quote.subject))


def _internal(world: World, side: str) -> Iterator[str]:
    """What is for the reseller's eyes only."""
    draft = getattr(world.drafts, side)
    yield from (str(draft.key), _plain(draft.subject))


def _plain(text: str) -> str:
    """A name as pages show it, whatever follows it."""
    return text.removesuffix(HOSTILE)

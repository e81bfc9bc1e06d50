"""What was measured, and the table of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One measured figure, with its goal where there is one."""

    name: str
    measured: float
    unit: str
    """What the figure counts; `x`: a ratio."""
    at_least: float | None = None
    at_most: float | None = None
    remark: str = ""
    """Stands in place of the figure where nothing could be measured."""

    @property
    def has_goal(self) -> bool:
        return self.at_least is not None or self.at_most is not None

    @property
    def is_met(self) -> bool:
        return (self.at_least is None or self.measured >= self.at_least) and (
            self.at_most is None or self.measured <= self.at_most
        )


def say(figure: float, unit: str) -> str:
    """The figure with as many digits as it deserves, and its unit."""
    if unit == "x":
        return f"{figure:.2f} x"
    return f"{figure:,.0f} {unit}" if figure >= 100 else f"{figure:.2f} {unit}"


def rows(results: list[Result]) -> list[tuple[str, str, str, str]]:
    """Name, measured, goal, met; as texts."""
    told = []
    for result in results:
        goal = ""
        if result.at_least is not None:
            goal = f"≥ {result.at_least:,g} x" if result.unit == "x" else f"≥ {result.at_least:,.0f}"
        elif result.at_most is not None:
            goal = f"≤ {result.at_most:,g} {result.unit}"
        met = ("yes" if result.is_met else "no") if result.has_goal and not result.remark else ""
        told.append((result.name, result.remark or say(result.measured, result.unit), goal, met))
    return told


HEAD = ("what", "measured", "goal", "met")


def as_text(results: list[Result]) -> str:
    """The table for a terminal."""
    table = [HEAD, *rows(results)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def as_markdown(results: list[Result]) -> str:
    """The table for a page."""
    table = [HEAD, ("---", "---:", "---:", "---"), *rows(results)]
    return "\n".join("| " + " | ".join(row) + " |" for row in table)

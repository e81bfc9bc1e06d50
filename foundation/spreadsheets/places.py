"""How spreadsheet programs call the places of a sheet."""

from collections.abc import Iterable, Sequence


def letter(index: int) -> str:
    """A column as spreadsheet programs call it; the first is 0."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def name_rows(numbers: Sequence[int], *, most: int = 12) -> str:
    """Rows in short: 3, 7–9, 12 …"""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs[:most]]
    return ", ".join(shown) + (" …" if len(runs) > most else "")


def name_columns(indexes: Iterable[int]) -> str:
    """Columns by their letters: B, E."""
    return ", ".join(letter(index) for index in indexes)

"""Which characters the fonts of the PDF have: written down once, because reading it from the fonts takes half a second.

python -m tools.fonts             write foundation/text/characters.txt anew, after the fonts' packages were upgraded
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from fontTools.ttLib import TTFont

from foundation.text.printable import CHARACTERS, find_fonts


def covered_by_fonts() -> set[int]:
    """The code points that each of the fonts has a glyph for."""
    covered: list[set[int]] = []
    for path in find_fonts():
        with TTFont(path, lazy=True) as font:
            covered.append(set(font.getBestCmap()))
    return set.intersection(*covered)


def as_lines(codes: Iterable[int]) -> Iterator[str]:
    """Runs of code points, first and last in hexadecimal; what stands alone once."""
    for _key, run in groupby(enumerate(sorted(codes)), lambda pair: pair[1] - pair[0]):
        members = [code for _position, code in run]
        yield f"{members[0]:X}-{members[-1]:X}" if len(members) > 1 else f"{members[0]:X}"


def main() -> None:
    CHARACTERS.write_text("".join(f"{line}\n" for line in as_lines(covered_by_fonts())), encoding="ascii")


if __name__ == "__main__":
    main()

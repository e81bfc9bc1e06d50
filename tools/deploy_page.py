"""Puts the files of deploy/ into docs/deploying.md as they are: `python -m tools.deploy_page`.

After each line that begins with the file's name in backticks stands its text, indented by four.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "deploying.md"
SHOWN = re.compile(r"^`deploy/(?P<name>[^`]+)`:\n\n(?:(?:    .*)?\n)*", re.MULTILINE)


def with_files(page: str) -> str:
    def show(found: re.Match[str]) -> str:
        text = (ROOT / "deploy" / found["name"]).read_text(encoding="utf-8").rstrip("\n")
        lines = "".join(f"    {line}\n" if line else "\n" for line in text.split("\n"))
        return f"`deploy/{found['name']}`:\n\n{lines}\n"

    return SHOWN.sub(show, page)


if __name__ == "__main__":
    PAGE.write_text(with_files(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

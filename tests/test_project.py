"""The project's own rules, where no linter knows them."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from tools import catalog, lock

ROOT = Path(settings.BASE_DIR)
APPS = ("licensing", "pricing", "quotes", "renewals")
STOREYS = {
    "__init__", "adapters", "admin", "apps", "forms", "importing", "loader", "management", "migrations", "models",
    "operations", "queries", "tasks", "templatetags", "urls", "views",
}  # fmt: skip
LICENSING_FEATURES = {"contacts", "holdings", "keeping"}
"""Features of licensing that stand over its storeys."""
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers", "signals"}
LONGEST_FILE = 420
BINARY_ENDINGS = {".png", ".jpg", ".jpeg", ".ico", ".pdf", ".xlsx", ".webp", ".mo", ".gif"}
FONT_ENDINGS = {".woff", ".woff2", ".ttf", ".otf", ".eot"}


def tracked_files() -> list[Path]:
    """What is in the repository; without git, what is in the project's folders."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    folders = [*APPS, "config", "docs", "foundation", "locale", "sample", "static", "templates", "tests", "tools"]
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py"]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_that_match(pattern: re.Pattern[str], *, but_not_in: set[str]) -> list[str]:
    found = []
    for path in tracked_files():
        if path.suffix in BINARY_ENDINGS or shown(path) in but_not_in:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{shown(path)}:{number}: {line.strip()[:120]}")
    return found


def test_who_may_import_whom():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--cache-dir", ".cache/import-linter"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_text_has_a_japanese_translation():
    assert catalog.problems() == []


def test_english_is_the_source_and_needs_no_catalogue():
    with translation.override("en"):
        assert translation.gettext("Save") == "Save"
    with translation.override("ja"):
        assert translation.gettext("Save") == "保存"


def test_a_heading_and_a_count_of_one_english_word_are_told_apart():
    with translation.override("ja"):
        assert [translation.gettext(text) for text in ("Lines", "Number of lines")] == ["明細", "明細数"]


def test_no_text_is_fixed_in_one_language_when_its_module_is_read():
    """A lazy text with `%` becomes a plain one at once: in whatever language the first reader had."""
    fixed = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in catalog.source_files()
        if path.suffix == ".py"
        for line in _formatted_at_once(ast.parse(path.read_text()))
    ]
    assert fixed == []


def _formatted_at_once(node: ast.AST):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.BinOp) and isinstance(child.op, ast.Mod) and isinstance(child.left, ast.Call):
            yield child.lineno
        yield from _formatted_at_once(child)


def test_the_locks_were_made_from_the_requirements():
    assert lock.stale_locks() == []


@pytest.mark.parametrize("name", sorted(lock.LOCKS))
def test_a_lock_names_no_place_to_fetch_from(name):
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_every_storey_is_a_known_one():
    """In licensing the storeys are the folders. In the rooms above the features are: import-linter lists them."""
    modules = (path for path in (ROOT / "licensing").iterdir() if path.suffix == ".py" or any(path.glob("*.py")))
    assert [shown(path) for path in modules if path.stem not in STOREYS | LICENSING_FEATURES] == []


def test_no_module_has_a_name_that_says_nothing():
    assert [shown(path) for path in python_files() if path.stem in FORBIDDEN_NAMES] == []


def said_by(part: ast.FunctionDef, text: str) -> str:
    """A function as it is written, with its decorators."""
    first = min([part.lineno, *(decorator.lineno for decorator in part.decorator_list)])
    return "\n".join(text.splitlines()[first - 1 : part.end_lineno])


def test_what_the_databases_refuse_in_their_own_words_is_tried_on_both():
    """See docs/decisions/0002: a test that looks at constraints, triggers or the vendor says so by its mark."""
    theirs = re.compile(r"\b(?:IntegrityError|DatabaseError|OperationalError)\b|\bconnection\.vendor\b")
    marks = re.compile(r"pytest\.mark\.(?:both_databases|postgres|sqlite)")
    whole = re.compile(rf"^pytestmark = .*(?:{marks.pattern}|transaction=True)", re.MULTILINE)
    transactions = re.compile(r"transaction=True|\btransactional_db\b")
    silent = []
    for path in [path for path in python_files() if path.name.startswith("test_") and path != Path(__file__)]:
        text = path.read_text(encoding="utf-8")
        if not theirs.search(text) or whole.search(text):
            continue
        parts = {part.name: said_by(part, text) for part in ast.parse(text).body if isinstance(part, ast.FunctionDef)}
        real = {name for name, said in parts.items() if "@pytest.fixture" in said and transactions.search(said)}
        silent += [
            f"{shown(path)}: {name}"
            for name, said in parts.items()
            if name.startswith("test_") and theirs.search(said) and not marks.search(said)
            if not transactions.search(said) and not real & set(re.findall(r"\w+", said))
        ]
    assert silent == []


def test_texts_are_found_wherever_python_lets_them_stand():
    source = """
said = f"{_('Cannot be sent.')} {count}"
other = ngettext("%(count)d row", "%(count)d rows", n) + pgettext("tab", "Valid") + _("one " "text") + _(name)
"""
    assert set(catalog.texts_in_python(source)) == {
        (None, "Cannot be sent.", None),
        (None, "%(count)d row", "%(count)d rows"),
        ("tab", "Valid", None),
        (None, "one text", None),
    }


def test_migrations_are_named_by_hand():
    names = [path.stem for path in python_files() if path.parent.name == "migrations" and path.stem != "__init__"]
    assert names
    assert [name for name in names if re.search(r"_auto_|_alter_\w+_and_more$|_\d{8}_\d{4}$", name)] == []


def test_no_python_file_is_too_long():
    lengths = {
        shown(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files()
        if path.parent.name != "migrations"
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_module_says_what_it_is_for():
    silent = [
        shown(path)
        for path in python_files()
        if path.parent.name != "migrations"
        and re.sub(r"\A#!.*\n", "", path.read_text(encoding="utf-8")).lstrip()[:3] not in {"", '"""'}
    ]
    assert [name for name in silent if not name.startswith("config/formats/") and not name.endswith("/apps.py")] == []


def test_modules_and_files_that_are_named_exist():
    """In docstrings, comments and docs. What tells of the past (0005, the changelog) may name what is gone."""
    files = {shown(path) for path in tracked_files()}
    told = []
    for path in tracked_files():
        if path.suffix in {".py", ".md"} and path.name not in {"CHANGELOG.md", "0005-where-the-house-differs.md"}:
            text = path.read_text(encoding="utf-8")
            lost = {name for name in named_in(text) if not is_there(name, path.relative_to(ROOT), files)}
            if lost and path.suffix == ".py":  # where it stands is asked last: that takes longest
                lost &= named_in(said_in(text))
            told += [f"{shown(path)}: {name}" for name in sorted(lost)]
    assert told == []


def said_in(text: str) -> str:
    """The docstrings and comments of a module."""
    tree = ast.walk(ast.parse(text))
    strings = [node.value for node in tree if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    comments = re.findall(r"(?:^|  )# .*", text, re.MULTILINE)  # reading each file as tokens takes five seconds
    return "\n".join([*(str(string.value) for string in strings), *comments])


def named_in(text: str) -> set[str]:
    """A file with its folder, `app.module.name`, and `storey.module` of the same app."""
    places = "|".join([*APPS, "config", "foundation", "renewals", "tests", "tools"])
    found = set(re.findall(r"(?<![\w/.{<])((?:\w+/)+\w+\.(?:py|md|toml|css|js|typ|txt))\b", text))
    found |= set(re.findall(rf"`((?:{places})(?:\.[a-zA-Z]\w*)+)`", text))
    found |= set(re.findall(rf"`((?:{'|'.join(STOREYS - {'__init__'})})(?:\.[a-z]\w*)+)`", text))
    return {name for name in found if not re.search(r"\.(?:add|change|delete|view)_", name)}


@cache
def words_of(file: str) -> set[str]:
    return set(re.findall(r"\w+", (ROOT / file).read_text("utf-8")))


def is_there(name: str, path: Path, files: set[str]) -> bool:
    """From the root, or in an app; of a dotted name, the word stands in the module."""
    if "/" in name:
        return any(each == name or each.endswith(f"/{name}") for each in files)
    parts = name.split(".")
    for root in ("", path.parts[0], path.parent.as_posix(), *APPS):
        for count in range(len(parts), 0, -1):
            module = "/".join([*filter(None, [root]), *parts[:count]])
            of_it = [each for each in (f"{module}.py", f"{module}/__init__.py") if each in files]
            if of_it and count == len(parts):
                return True
            if any(parts[count] in words_of(each) for each in of_it):
                return True
    return False


def test_text_is_brought_to_one_width_in_one_place():
    """See `foundation.text.typed`. The engine is on its own; the old encoding looks at single characters."""
    own = {"foundation/text/typed.py", "foundation/text/names.py", "foundation/spreadsheets/cp932.py"}
    spelt = lines_that_match(re.compile("NFKC|U\\+2010|‐‑‒"), but_not_in={*own, "tests/test_project.py"})
    code = [
        line for line in spelt if re.match(r"(?:config|foundation|licensing|quotes|renewals|pricing)/[\w/]+\.py", line)
    ]
    assert [line for line in code if not line.startswith("pricing/engine/") and "/migrations/" not in line] == []


def test_the_engine_needs_only_the_standard_library():
    strange = []
    for path in sorted((ROOT / "pricing" / "engine").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            allowed = sys.stdlib_module_names
            strange += [
                f"{shown(path)}: {name}"
                for name in names
                if name.partition(".")[0] not in allowed and not name.startswith("pricing.engine")
            ]
    assert strange == []


def test_no_page_fetches_anything_from_elsewhere():
    pattern = re.compile(r"cdn\.|cdnjs|jsdelivr|unpkg|googleapis|gstatic|bootstrapcdn|fontawesome", re.IGNORECASE)
    assert lines_that_match(pattern, but_not_in={"tests/test_project.py"}) == []
    pages = [path for path in tracked_files() if path.suffix in {".html", ".css", ".js"}]
    fetched = re.compile(
        r"""(?:src|href)=["'](?:https?:)?//|@import +(?:url\()?["']?(?:https?:)?//|url\(["']?(?:https?:)?//"""
    )
    assert [shown(path) for path in pages if fetched.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("folder", ["css", "css/admin"])
def test_no_class_is_styled_twice(folder):
    """Two parts of the portal that give one class two meanings disturb each other's pages."""
    selectors = []
    for path in sorted((ROOT / "static" / folder).glob("*.css")):
        flat = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        flat = re.sub(r"@[^{}]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", flat)
        found = [" ".join(selector.split()) for selector in re.findall(r"([^{}]+)\{", flat)]
        selectors += found if path.name != "print.css" else []
    assert len(selectors) > 250
    assert [selector for selector, times in Counter(selectors).items() if times > 1] == []


def test_no_file_of_someone_else_is_kept_here():
    strange = []
    for path in tracked_files():
        minified = (
            path.suffix in {".js", ".css"} and max(map(len, path.read_text(encoding="utf-8").splitlines())) > 1000
        )
        if minified or ".min." in path.name or path.suffix in {*FONT_ENDINGS, ".jar", ".whl"}:
            strange.append(shown(path))
    assert strange == []


def test_nothing_names_a_folder_of_one_machine():
    pattern = re.compile(r"(?<![\w.}>~-])/(?:root|home|work|Users|mnt|media/\w+/|private)/\w|(?<![\w.}])/tmp/\w")
    assert lines_that_match(pattern, but_not_in={"tests/test_project.py"}) == []


def test_everything_made_here_is_ignored():
    done = subprocess.run(["git", "ls-files", "-ci", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False)
    assert done.stdout == b""


def test_every_static_file_that_is_named_exists(tmp_path, settings):
    """Production's storage refuses a stylesheet that names a missing file."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()


def test_every_environment_variable_is_described():
    """docs/operating.md lists exactly the variables that the settings read."""
    read = set(re.findall(r"""\benv(?:\.\w+)?\(\s*["'](\w+)["']""", (ROOT / "config/settings.py").read_text("utf-8")))
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/operating.md").read_text("utf-8"), re.MULTILINE))
    assert read == described


def test_the_example_for_production_sets_known_variables():
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/operating.md").read_text("utf-8"), re.MULTILINE))
    example = (ROOT / "deploy/portal.env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert named <= described


def test_the_readme_names_people_who_can_log_in():
    sample = tomllib.loads((ROOT / "sample/sample.toml").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\S+@\S+)`", readme))
    assert named
    assert named <= {user["email"] for user in sample["users"]}
    assert f"`{sample['password']}`" in readme


def test_what_the_engine_decides_is_frozen_for_the_type_checker():
    """See docs/decisions/0007: while running it is a plain dataclass, so the checker must refuse the writing."""
    code = "from pricing.engine.pricing import Line\ndef spoil(line: Line) -> None:\n    line.quantity = 3\n"
    options = ["--config-file", os.devnull, "--cache-dir", os.devnull, "--no-error-summary"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == '<string>:3: error: Property "quantity" defined in "Line" is read-only  [misc]\n'

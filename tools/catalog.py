"""The translations in locale/, without gettext's own tools.

    python -m tools.catalog update     take in new texts, drop those gone; translations are kept
    python -m tools.catalog compile    .po to .mo where it changed
    python -m tools.catalog check      say what is missing or wrong

The source language is English. What Django and django-allauth ship in Japanese is used as shipped: only texts of
this project are in its catalogue. A new text that they have translated already starts with their translation.
"""

import ast
import io
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "ja" / "LC_MESSAGES" / "django.po"
PYTHON_FOLDERS = ("config", "foundation", "licensing", "pricing", "quotes", "renewals")
TEMPLATE_FOLDERS = ("templates", *PYTHON_FOLDERS)
TEMPLATE_ENDINGS = {".html", ".txt"}
SHIPPED_BY = ("django.conf", "django.contrib.auth", "django.contrib.admin", "allauth")

METADATA = {
    "Project-Id-Version": "portal",
    "Language": "ja",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*[\d.]*[a-zA-Z]|%[sd]|\{\w*(?:[.!:][^{}]*)?\}")

Key = tuple[str | None, str]
"""Context and text: what tells one entry from another."""


def extract() -> dict[Key, polib.POEntry]:
    """Every text of the project that is to be translated."""
    found: dict[Key, polib.POEntry] = {}
    for path in source_files():
        name = path.relative_to(ROOT).as_posix()
        for context, text, plural in texts_of(path):
            entry = found.setdefault((context, text), polib.POEntry(msgctxt=context, msgid=text))
            if plural:
                entry.msgid_plural = plural
            if (name, "") not in entry.occurrences:
                entry.occurrences.append((name, ""))
            if re.search(r"%\(\w+\)|%[sd]", text + (plural or "")) and "python-format" not in entry.flags:
                entry.flags.append("python-format")
    return found


def source_files() -> Iterator[Path]:
    for folder in PYTHON_FOLDERS:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)
    for folder in TEMPLATE_FOLDERS:
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in TEMPLATE_ENDINGS)


def texts_of(path: Path) -> Iterator[tuple[str | None, str, str | None]]:
    """Context, text and plural, one after the other."""
    source = path.read_text(encoding="utf-8")
    yield from texts_in_python(source) if path.suffix == ".py" else texts_in_template(source, path)


def texts_in_python(source: str) -> Iterator[tuple[str | None, str, str | None]]:
    """As Python reads it: also what stands within an f-string, where Babel finds nothing before Python 3.12."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name not in KEYWORDS:
            continue
        said = [one.value if isinstance(one, ast.Constant) else None for one in call.args]
        context = None
        places = []
        for place in KEYWORDS[name] or (1,):
            if isinstance(place, tuple):
                context = said[place[0] - 1] if len(said) >= place[0] else None
            else:
                places.append(said[place - 1] if len(said) >= place else None)
        text, plural = places[0], places[1] if len(places) > 1 else None
        if isinstance(text, str) and text:
            yield context if isinstance(context, str) else None, text, plural if isinstance(plural, str) else None


def texts_in_template(source: str, path: Path) -> Iterator[tuple[str | None, str, str | None]]:
    from babel.messages.extract import extract as extract_texts

    written = io.BytesIO(as_python(source, path).encode())
    for _line, message, _comments, context in extract_texts("python", written, keywords=KEYWORDS):
        text, plural = message if isinstance(message, tuple) else (message, None)
        if text:
            yield context, text, plural


def as_python(source: str, path: Path) -> str:
    """A template with everything but its texts blotted out, so that it reads as Python."""
    import django
    from django.apps import apps
    from django.utils.translation.template import templatize

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
    blotted: str = templatize(source, origin=str(path))
    return "\n".join(line.strip() for line in blotted.split("\n"))


def read_catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE), wrapwidth=100) if CATALOGUE.exists() else polib.POFile(wrapwidth=100)


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid


def translation_of(entry: polib.POEntry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def shipped_translations() -> dict[Key, str]:
    """The Japanese that comes with the packages."""
    from importlib.util import find_spec

    shipped: dict[Key, str] = {}
    for package in SHIPPED_BY:
        spec = find_spec(package)
        for place in (spec.submodule_search_locations or []) if spec else []:
            path = Path(place) / "locale" / "ja" / "LC_MESSAGES" / "django.po"
            if path.exists():
                for entry in polib.pofile(str(path)).translated_entries():
                    shipped.setdefault(key_of(entry), translation_of(entry))
    return shipped


def update_catalogue() -> None:
    """Rewrites the catalogue with the texts that are in the source now, sorted, with no line numbers and no dates."""
    extracted = extract()
    old = {key_of(entry): entry for entry in read_catalogue() if not entry.obsolete}
    shipped = shipped_translations() if extracted.keys() - old.keys() else {}
    new = polib.POFile(wrapwidth=100)
    new.metadata = METADATA
    for key in sorted(extracted, key=lambda key: (key[1], key[0] or "")):
        entry = extracted[key]
        was = old.get(key)
        translation = translation_of(was) if was else shipped.get(key, "")
        if was:
            entry.tcomment = was.tcomment
            entry.flags += [flag for flag in was.flags if flag not in entry.flags and flag != "python-format"]
        if entry.msgid_plural:
            entry.msgstr_plural = {0: translation}
        else:
            entry.msgstr = translation
        entry.occurrences.sort()
        new.append(entry)
    for key in sorted(old.keys() - extracted.keys(), key=lambda key: key[1]):
        print(f"dropped: {key[1]!r} ({translation_of(old[key])})")
    for key in sorted(extracted.keys() - old.keys(), key=lambda key: key[1]):
        print(f"new: {key[1]!r}" + (f" ({shipped[key]}, as shipped)" if key in shipped else ""))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(CATALOGUE))


def compile_catalogues() -> None:
    """Django reads .mo files; they are not kept in the repository."""
    for source in sorted((ROOT / "locale").rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        compiled = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(compiled))
        compiled.replace(target)  # in one step: another process may be reading it


def problems() -> list[str]:
    """What is wrong with the catalogue, a line each; empty when it is complete."""
    extracted = extract()
    entries = {key_of(entry): entry for entry in read_catalogue()}
    wrong = []
    for key, wanted in sorted(extracted.items(), key=lambda item: item[0][1]):
        where = ", ".join(name for name, _ in wanted.occurrences)
        entry = entries.get(key)
        if entry is None:
            wrong.append(f"not in the catalogue: {key[1]!r} ({where})")
        else:
            wrong += [f"{problem}: {key[1]!r} ({where})" for problem in problems_of(entry, wanted)]
    for key, entry in sorted(entries.items(), key=lambda item: item[0][1]):
        if entry.obsolete or key not in extracted:
            wrong.append(f"in the catalogue but not in the source: {key[1]!r}")
    return wrong


def problems_of(entry: polib.POEntry, wanted: polib.POEntry) -> Iterator[str]:
    translation = translation_of(entry)
    text = wanted.msgid_plural or wanted.msgid
    if (entry.msgid_plural or "") != (wanted.msgid_plural or ""):
        yield f"another plural in the source ({wanted.msgid_plural!r})"
    elif not translation:
        yield "not translated"
    elif entry.fuzzy:
        yield "fuzzy"
    elif placeholders(text) != placeholders(translation):
        yield f"other placeholders in {translation!r}"
    elif tags(text) != tags(translation):
        yield f"other tags in {translation!r}"
    elif (text[:1] == "\n", text[-1:] == "\n") != (translation[:1] == "\n", translation[-1:] == "\n"):
        yield f"a line break at the start or the end of one only, {translation!r}"


def tags(text: str) -> Counter[str]:
    """What is in a text of HTML: it shall be as valid in one language as in the other."""
    return Counter(re.findall(r"</?[a-z]+(?:\s[^>]*)?>", text))


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text.replace("%%", "")))


def main() -> int:
    task = sys.argv[1] if len(sys.argv) == 2 else ""
    if task == "update":
        update_catalogue()
    elif task == "compile":
        compile_catalogues()
    elif task == "check":
        wrong = problems()
        print("\n".join(wrong) or f"{len(extract())} texts, all translated")
        return 1 if wrong else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

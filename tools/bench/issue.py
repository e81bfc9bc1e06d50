"""(c) Issuing a quote of four lines with its PDF, against typst alone, and against WeasyPrint as a reference.

Every quote has another number, for the bare typst too: none of them has been drawn before in this process.
"""

import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from .measure import Work, time_in_turns, typical, typical_ratio
from .portal import Desk, rows_of
from .results import Result

GOAL = 1.5
NOT_INSTALLED = "not installed (pip install -r requirements-bench.txt; on Debian: apt-get install libpangoft2-1.0-0)"


def measure(desk: Desk, *, rounds: int = 60) -> list[Result]:
    work, issued = issuing(desk)
    work()  # the first draws the fonts in, and is the quote that the others are compared with
    quote = issued[0]
    seconds = time_in_turns({"issue": work, "typst": bare_typst(quote.document, rounds + 1)}, rounds=rounds)
    results = [
        Result("Issue with PDF", typical(seconds["issue"]) * 1000, "ms"),
        Result("typst alone", typical(seconds["typst"]) * 1000, "ms"),
        Result("Issue with PDF : typst alone", typical_ratio(seconds["issue"], seconds["typst"]), "x", at_most=GOAL),
    ]
    weasyprint = weasyprint_of(quote.document)
    if weasyprint is None:
        return [*results, Result("WeasyPrint, comparable quote", 0, "ms", remark=NOT_INSTALLED)]
    turns = time_in_turns({"issue": work, "weasyprint": weasyprint}, rounds=max(1, rounds // 6))
    return [
        *results,
        Result("WeasyPrint, comparable quote", typical(turns["weasyprint"]) * 1000, "ms"),
        Result("WeasyPrint : issue with PDF", typical_ratio(turns["weasyprint"], turns["issue"]), "x"),
    ]


def issuing(desk: Desk) -> tuple[Work, list[Any]]:
    """What the button "Issue" does once the form is read, and the quotes that came of it."""
    from django.http import QueryDict
    from django.utils import timezone, translation

    from pricing.engine.rulebook import WARNING_RULES
    from renewals.form.forms import RenewalForm
    from renewals.issue import operations

    translation.activate("ja")
    now = timezone.now()
    today = timezone.localdate(now)
    form = RenewalForm(QueryDict(desk.body), licenseid=desk.licenseid, holdings=rows_of(desk.licenseid), on=today)
    if not form.is_valid():
        raise RuntimeError(f"The form is refused: {form.errors.as_text()}")
    issued: list[Any] = []

    def issue() -> None:
        quote = operations.issue(
            key=uuid.uuid4(),
            licenseids=[desk.licenseid],
            asked=form.to_asked(),
            acknowledged=[(desk.licenseid.code, code) for code in WARNING_RULES],
            seen_total=None,
            issued_by=desk.user,
            now=now,
        )
        if not issued:
            issued.append(quote)

    return issue, issued


def bare_typst(document: Any, count: int) -> Work:
    """typst with the portal's template and fonts; its JSON and its pictures are ready before the clock starts."""
    import typst

    from quotes.paper.drawing import PICTURES, folder_with, load_fonts, load_template, read_picture
    from quotes.paper.sheet import lay_out

    files = [file for picture in PICTURES if (file := read_picture(picture, document))]
    texts = []
    for position in range(count):
        numbered: Any = {**document, "number": f"Q9901-{position:04d}-00"}
        sheet = lay_out(numbered)
        for name, _ in files:
            sheet["issuer"][f"{Path(name).stem}_file"] = name
        texts.append(json.dumps(sheet, ensure_ascii=False))
    waiting = iter(texts)
    source, fonts, at = load_template(), load_fonts(), datetime.fromisoformat(document["issued_at"])
    folder = folder_with(tuple(files))

    def compile_one() -> object:
        return typst.compile(  # type: ignore[call-overload]
            source,
            root=folder.path,
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": next(waiting)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=at,
        )

    return compile_one


def weasyprint_of(document: Any) -> Work | None:
    """The same figures and fonts by HTML, as PDF/UA-1; None where WeasyPrint or its libraries are missing."""
    try:
        from weasyprint import HTML
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError):
        return None
    from django.template.loader import render_to_string

    from foundation.text.printable import find_fonts

    fonts = FontConfiguration()
    faces = [(path.as_uri(), weight) for path, weight in zip(find_fonts(), (400, 700), strict=True)]

    def draw() -> object:
        html = render_to_string("bench/quote.html", {"document": document, "faces": faces})
        return HTML(string=html).write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")

    return draw

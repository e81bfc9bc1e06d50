"""(c) Issuing a quote of four lines with its PDF, against typst alone, and against WeasyPrint as a reference.

Every quote is of a license ID of its own: open quotes beside it would make each one slower than the one before.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from .measure import Work, time_in_turns, typical, typical_ratio
from .paper import different_sheet, reference
from .portal import Desk, make_license_id, open_form, rows_of
from .results import Result

GOAL = 1.2
NOT_INSTALLED = "not installed (pip install -r requirements-bench.txt; on Debian: apt-get install libpangoft2-1.0-0)"


def measure(desk: Desk, *, rounds: int = 60) -> list[Result]:
    count = rounds + 2 + max(1, rounds // 6) + 1
    work, issued = issuing(desk, [f"BENCH-ISSUE-{position:04}" for position in range(count)])
    work()  # the first draws the fonts in
    document = issued[0].document
    works = {"issue": work, "typst": reference(document, map(different_sheet, range(rounds + 1)))}
    seconds = time_in_turns(works, rounds=rounds)
    results = [
        Result("Issue with PDF", typical(seconds["issue"]) * 1000, "ms"),
        Result("typst alone, reference", typical(seconds["typst"]) * 1000, "ms"),
        Result("Issue with PDF : reference", typical_ratio(seconds["issue"], seconds["typst"]), "x", at_most=GOAL),
    ]
    weasyprint = weasyprint_of(document)
    if weasyprint is None:
        return [*results, Result("WeasyPrint, comparable quote", 0, "ms", remark=NOT_INSTALLED)]
    turns = time_in_turns({"issue": work, "weasyprint": weasyprint}, rounds=max(1, rounds // 6))
    return [
        *results,
        Result("WeasyPrint, comparable quote", typical(turns["weasyprint"]) * 1000, "ms"),
        Result("WeasyPrint : issue with PDF", typical_ratio(turns["weasyprint"], turns["issue"]), "x"),
    ]


def issuing(desk: Desk, codes: Sequence[str]) -> tuple[Work, list[Any]]:
    """What the button "Issue" does once the form is read, for one new license ID after the other; and the quotes."""
    from django.utils import timezone, translation

    from pricing.engine.rulebook import WARNING_RULES
    from renewals.form.forms import RenewalForm
    from renewals.issue import operations

    translation.activate("ja")
    now = timezone.now()
    today = timezone.localdate(now)
    asked = []
    for position, code in enumerate(codes):
        licenseid = make_license_id(desk.user, code, more=position)
        form = RenewalForm(open_form(licenseid), licenseid=licenseid, holdings=rows_of(licenseid), on=today)
        if not form.is_valid():
            raise RuntimeError(f"The form is refused: {form.errors.as_text()}")
        asked.append((licenseid, form.to_asked()))
    waiting, issued = iter(asked), list[Any]()

    def issue() -> None:
        licenseid, wanted = next(waiting)
        quote = operations.issue(
            key=uuid.uuid4(),
            licenseids=[licenseid],
            asked=wanted,
            acknowledged=[(licenseid.code, code) for code in WARNING_RULES],
            seen_total=None,
            issued_by=desk.user,
            now=now,
        )
        issued.append(quote)

    return issue, issued


def issued_document(desk: Desk, code: str = "BENCH-PAPER-0001") -> Any:
    """The document of a quote of four lines, for a new license ID of this code."""
    issue, issued = issuing(desk, [code])
    issue()
    return issued[0].document


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

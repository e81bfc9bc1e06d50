"""(c) Issuing a quote of four lines with its PDF, against typst alone, and against WeasyPrint as a reference.

Every quote is of a license ID of its own: open quotes beside it would make each one slower than the one before. Quote
and typst have a process each, as a portal has: typst remembers for a whole process, and would spend the time of an
issue on clearing away what the other template left.
"""

import uuid
from collections.abc import Sequence
from functools import partial
from time import perf_counter
from typing import Any

from .measure import Work, time_apart, time_in_turns, typical, typical_ratio
from .paper import WARM_UP, draw_then
from .portal import Desk, make_license_id, open_form, rows_of
from .results import Result

GOAL = 1.2
NOT_INSTALLED = "not installed (pip install -r requirements-bench.txt; on Debian: apt-get install libpangoft2-1.0-0)"


def measure(desk: Desk, *, rounds: int = 60) -> list[Result]:
    document = issued_document(desk, "BENCH-ISSUE")
    codes = [f"BENCH-ISSUE-{position:04}" for position in range(WARM_UP + rounds)]
    makers = {
        "issue": partial(issuing_here, desk.user.pk, codes),
        "typst": partial(draw_then, document, "different", rounds),
    }
    seconds = time_apart(makers, rounds=rounds, warm_up=WARM_UP, clock=perf_counter)
    results = [
        Result("Issue with PDF", typical(seconds["issue"]) * 1000, "ms"),
        Result("typst alone, reference", typical(seconds["typst"]) * 1000, "ms"),
        Result("Issue with PDF : reference", typical_ratio(seconds["issue"], seconds["typst"]), "x", at_most=GOAL),
    ]
    weasyprint = weasyprint_of(document)
    if weasyprint is None:
        return [*results, Result("WeasyPrint, comparable quote", 0, "ms", remark=NOT_INSTALLED)]
    fewer = max(1, rounds // 6)
    work, _ = issuing(desk.user, [f"BENCH-WEASYPRINT-{position:04}" for position in range(fewer + 1)])
    turns = time_in_turns({"issue": work, "weasyprint": weasyprint}, rounds=fewer)
    return [
        *results,
        Result("WeasyPrint, comparable quote", typical(turns["weasyprint"]) * 1000, "ms"),
        Result("WeasyPrint : issue with PDF", typical_ratio(turns["weasyprint"], turns["issue"]), "x"),
    ]


def issuing_here(user: int, codes: Sequence[str]) -> Work:
    """The same in a process that has begun just now, on the portal's database; `user`: the row's number."""
    import django

    django.setup()
    from licensing.models import User

    return issuing(User.objects.get(pk=user), codes)[0]


def issuing(user: Any, codes: Sequence[str]) -> tuple[Work, list[Any]]:
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
        licenseid = make_license_id(user, code, more=position)
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
            issued_by=user,
            now=now,
        )
        issued.append(quote)

    return issue, issued


def issued_document(desk: Desk, code: str = "BENCH-PAPER-0001") -> Any:
    """The document of a quote of four lines, for a new license ID of this code."""
    issue, issued = issuing(desk.user, [code])
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

"""One English word in two meanings is two Japanese ones: what stood wrong on a Japanese page once."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext, override, pgettext

TEMPLATES = Path(settings.BASE_DIR) / "templates"


@pytest.mark.parametrize(
    ("template", "text", "context", "means"),
    [
        ("renewals/confirmations/confirmation.html", "Needed", "a quantity", "必要数量"),
        ("quotes/handover/columns.html", "Name", "a column", "列名"),
        ("quotes/links/links.html", "expired", "an invitation or a link", "期限切れ"),
        ("licensing/manage/_invitations.html", "expired", "an invitation or a link", "期限切れ"),
        ("quotes/comparisons/_table.html", "Number", "a comparison", "比較表番号"),
        ("renewals/batch/review.html", "Show them", "quotes", "該当の行を表示"),
        ("renewals/batch/review.html", "What", "is quoted", "見積内容"),
        ("admin/renewals/impactrun/result.html", "before", "prices", "改定前"),
        ("admin/licensing/confirm.html", "before", "", "変更前"),
    ],
)
def test_it_says_what_is_meant(template: str, text: str, context: str, means: str) -> None:
    with override("ja"):
        assert (pgettext(context, text) if context else gettext(text)) == means
    written = re.findall(rf"""translate ["']{text}["']([^%]*)%""", (TEMPLATES / template).read_text())
    assert {one.strip().replace("'", '"') for one in written} == {f'context "{context}"' if context else ""}

"""Quotes as the portal makes them, without a browser: the form is filled in, its request is issued."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import get_language

from licensing.models import Holding, LicenseID, User
from quotes.customers.visits import Visitor, hand_out_pdf
from quotes.models import (
    OrderFile,
    Quote,
    QuoteDocument,
    QuoteEvent,
    QuoteLine,
    QuoteNumber,
    QuotePart,
    QuoteStatus,
    ShareLink,
)
from renewals.asked import Asked, AskedPart
from renewals.form.forms import RenewalForm
from renewals.issue.operations import issue
from renewals.models import QuoteDraft
from tests.cast import NOW, TODAY
from tests.snapshot import written_again

TABLES = (
    Quote,
    QuotePart,
    QuoteLine,
    QuoteDocument,
    QuoteEvent,
    QuoteStatus,
    QuoteDraft,
    QuoteNumber,
    ShareLink,
    OrderFile,
)
NOTHING = dict.fromkeys([model.__name__ for model in TABLES], 0)
"""What `count_rows` says where nothing was written."""


OF_OTHER_QUOTES = ("already-quoted", "already-ordered")
"""Read wherever a quote is issued here: tests of something else issue several of the same holdings."""


def count_rows() -> dict[str, int]:
    """How many rows there are of all that has to do with quotes."""
    return {model.__name__: model._base_manager.count() for model in TABLES}


def everything_written() -> dict[str, list[Any]]:
    """Every row of all that has to do with quotes."""
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in TABLES}


def download(*, quote: Quote, by: User, now: datetime) -> None:
    """Somebody with a log-in takes the PDF."""
    hand_out_pdf(quote=quote, visitor=Visitor(by), now=now)


def load(licenseid: LicenseID) -> LicenseID:
    """The license ID afresh, with all that quoting needs."""
    holdings = Holding.objects.select_related("product__programme")
    return (
        LicenseID.objects.select_related("customer__reseller")
        .prefetch_related(Prefetch("holdings", holdings))
        .get(pk=licenseid.pk)
    )


def fill(licenseid: LicenseID, changes: Mapping[str, Any] | None = None, *, on: date = TODAY) -> RenewalForm:
    """The form as it opens, with some entries changed: a text, a list of texts, or None to leave a field out."""
    licenseid = load(licenseid)
    holdings = list(licenseid.holdings.all())
    data = RenewalForm(licenseid=licenseid, holdings=holdings, on=on).data.copy()
    for name, value in (changes or {}).items():
        if value is None:
            data.pop(name, None)
        else:
            data.setlist(name, value if isinstance(value, list) else [value])
    form = RenewalForm(data, licenseid=licenseid, holdings=holdings, on=on)
    form.is_valid()
    return form


def given_quote(licenseid: LicenseID, *, by: User, now: datetime = NOW, **how: Any) -> Quote:
    """A quote that is there before the test begins. Issued as `issue_quote` does, but once per test process for each
    state of the database (`tests.snapshot`). Where issuing is what is tested, issue.
    """
    has_pictures = licenseid.customer.reseller.seal or licenseid.customer.reseller.logo  # files are not looked at
    if has_pictures or "key" in how:
        return issue_quote(licenseid, by=by, now=now, **how)
    asked = (licenseid.pk, by.pk, by.name, now, repr(how), timezone.now(), get_language(), settings.PUBLIC_URL)
    quote = written_again(lambda: issue_quote(licenseid, by=by, now=now, **how), asked=asked)
    quote.issued_by = by
    return quote


def issue_quote(
    licenseid: LicenseID,
    *,
    by: User,
    now: datetime = NOW,
    key: uuid.UUID | None = None,
    changes: Mapping[str, Any] | None = None,
    acknowledged: Collection[str] = (),
    seen_total: int | None = None,
) -> Quote:
    on = timezone.localdate(now)
    form = fill(licenseid, changes, on=on)
    assert form.errors == {}
    return issue(
        key=key or form.cleaned_data["key"],
        licenseids=[form.licenseid],
        asked=form.to_asked(),
        acknowledged=[(form.licenseid.code, code) for code in (*acknowledged, *OF_OTHER_QUOTES)],
        seen_total=seen_total,
        issued_by=by,
        now=now,
    )


def ask_several(
    *licenseids: LicenseID, changes: Mapping[str, Mapping[str, Any]] | None = None, on: date = TODAY
) -> Asked:
    """What the forms of several license IDs ask for, together; `changes` by the code of the license ID."""
    each = [fill(one, (changes or {}).get(one.code), on=on).to_asked() for one in licenseids]
    return replace(each[0], parts=tuple(part for asked in each for part in asked.parts))


def issue_several(
    *licenseids: LicenseID,
    by: User,
    changes: Mapping[str, Mapping[str, Any]] | None = None,
    acknowledged: Collection[tuple[str, str]] = (),
    key: uuid.UUID | None = None,
    now: datetime = NOW,
) -> Quote:
    """One quote over all of them (R18). `acknowledged`: license ID and code."""
    return issue(
        key=key or uuid.uuid4(),
        licenseids=[load(one) for one in licenseids],
        asked=ask_several(*licenseids, changes=changes, on=timezone.localdate(now)),
        acknowledged=[*acknowledged, *((one.code, code) for one in licenseids for code in OF_OTHER_QUOTES)],
        seen_total=None,
        issued_by=by,
        now=now,
    )


def holding_of(licenseid: LicenseID, product: str = "") -> Holding:
    """The license ID's holding, of a product where it has several."""
    holdings = licenseid.holdings.select_related("product")
    found: Holding = holdings.get(product__code=product) if product else holdings.get()
    return found


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def part_of(form: RenewalForm) -> AskedPart:
    """What is wanted of the form's license ID."""
    [part] = form.to_asked().parts
    return part


def typed(form: RenewalForm) -> dict[str, Any]:
    """What of a form a draft keeps, as operations take it."""
    return {"asked": form.to_asked(), "as_typed": form.as_typed()}

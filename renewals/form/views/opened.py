"""What a page with the renewal form begins with: the license ID, the form as typed, and its calculation."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from foundation.text.keys import read_key
from foundation.text.language import name_of
from licensing.models import Holding, LicenseID, Product, User
from licensing.models.licenses import name_segment
from licensing.queries import find_license_id, holdings_of, present_codes, visible_license_ids
from pricing.loader import Prices

from ...asked import fit, from_json, held_of, product_codes, with_codes
from ...calculation.calculate import Calculation, calculate
from ...calculation.own_costs import with_own_costs
from ...drafts.queries import PRESENT_PARTS
from ...models import QuoteDraft, StandingLine
from ...standing_lines.queries import line_of
from ..forms import RenewalForm, asked_data
from ..free_lines import ADD_ROW, REMOVE, with_free_line, without_free_row
from ..part import first_moved_up, without_addition
from .held import page_name
from .remedies import ALL_YEARS, PREFIX, Changes, changes_of, with_changes
from .taking import TAKE, changes_of_taking

MOST_PARTS = 100
"""License IDs in one quote, as `Asked` holds them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The license IDs of a form, all of one customer, and what was sent for them."""

    licenseids: list[LicenseID]
    """The first one has the plain names."""
    held: Mapping[str, list[Holding]]
    """By their codes: what they hold."""
    gone: tuple[str, ...] = ()
    """Codes that were named and cannot be among them."""
    sent: QueryDict | None = None
    """None where the form is opened."""
    sees_margins: bool = False
    """Whether it is for somebody who does."""

    def form(
        self, data: QueryDict | None, *, further_row: str | None = None, further_free_row: bool = False
    ) -> RenewalForm:
        """The form of these license IDs as they are today."""
        first, *further = self.licenseids
        return RenewalForm(
            data,
            licenseid=first,
            holdings=self.held[first.code],
            further=[(one, self.held[one.code]) for one in further],
            gone=self.gone,
            on=timezone.localdate(),
            further_row=further_row,
            further_free_row=further_free_row,
            sees_margins=self.sees_margins,
        )


def _license_ids(request: HttpRequest) -> QuerySet[LicenseID]:
    """All that are the user's to see."""
    return visible_license_ids(cast(User, request.user)).select_related("customer")


def _of_own_reseller(request: HttpRequest, rows: Iterable[LicenseID]) -> list[LicenseID]:
    """The rows with the reseller that is known already: quotes are made by a reseller's staff, for its customers."""
    user, found = cast(User, request.user), list(rows)
    for one in found:
        if user.reseller is not None and one.customer.reseller_id == user.reseller_id:
            one.customer.reseller = user.reseller
    return found


def open_license_ids(request: HttpRequest, code: str, sent: QueryDict | None = None) -> Opened:
    """Those of a form: the first by its code, 404 where it is not the user's to see, and those that `with` names.

    What is not the user's to see, or another customer's, is gone, all in one way: nobody learns whether it is there.
    `sent` is what was sent where that is not what this request sends.
    """
    typed = sent or (request.POST if request.method == "POST" else None)
    codes = [one.replace("\x00", "") for one in (request.GET if typed is None else typed).getlist("with")]
    added = added_code(typed.get("action", "")) if typed else None
    codes += [] if added is None else [added]
    named = find_license_id(cast(User, request.user), code.replace("\x00", ""))
    if named is None:
        raise Http404
    [first] = _of_own_reseller(request, [named])
    further = [one for one in dict.fromkeys(codes) if one != first.code]
    found: dict[str, LicenseID] = {}
    if further:
        rows = _license_ids(request).filter(code__in=further[: MOST_PARTS - 1], customer=first.customer_id)
        found = {one.code: one for one in _of_own_reseller(request, rows)}
    licenseids = [first, *(found[one] for one in further if one in found)]
    gone = tuple(one for one in further if one not in found)
    return Opened(licenseids, holdings_of(licenseids), gone, typed, sees_margins=cast(User, request.user).sees_margins)


def open_draft(request: HttpRequest, draft: QuoteDraft) -> Opened | None:
    """Those of a draft that are still its customer's and the user's to see; None where none is.

    Where its customer has none of them any more, they are followed to the customer that the first of them has now.
    """
    parts = PRESENT_PARTS.filter(draft=draft).order_by("position")
    codes = list(parts.values_list("licenseid__code", flat=True))
    rows = {one.code: one for one in _of_own_reseller(request, _license_ids(request).filter(code__in=codes))}
    found = [rows[code] for code in codes if code in rows]
    if not found:
        return None
    customers = [one.customer_id for one in found]
    customer = draft.customer_id if draft.customer_id in customers else customers[0]
    kept = [one for one in found if one.customer_id == customer]
    codes += [part.license_id for part in from_json(draft.asked).parts if part.license_id not in codes]
    gone = tuple(code for code in codes if code not in {one.code for one in kept})
    return Opened(kept, holdings_of(kept), gone, sees_margins=cast(User, request.user).sees_margins)


def open_sent_draft(request: HttpRequest, draft: QuoteDraft, sent: QueryDict) -> Opened | None:
    """Those for which a draft's form was sent. Where the first is gone, what was typed for the others stays theirs."""
    opened = open_draft(request, draft)
    code = sent.get("license_id") or (opened.licenseids[0].code if opened else "")
    if _license_ids(request).filter(code=code.replace("\x00", "")).exists():
        return open_license_ids(request, code, sent)
    return opened and replace(opened, sent=first_moved_up(sent, opened.licenseids[0]))


def typed_form(opened: Opened, *, action: str = "") -> RenewalForm:
    """The form as it was sent, after what the button does to it; as it first opens where nothing was sent.

    A subject that nobody typed names what is quoted now.
    """
    data = opened.sent
    if data is not None and (removed := removed_row(action)) is not None:
        data = without_addition(data, *removed)
    if data is not None and (row := removed_free_row(action)) is not None:
        data = without_free_row(data, row)
    if data is not None and (standing := standing_line_of(action)) is not None:
        data = _with_standing_line(data, opened, standing)
    if data is not None and (code := added_code(action)) is not None:
        data = _with_license_id(data, opened, code)
    match = re.fullmatch(r"(\d{1,18}-)?add-row", action, re.ASCII)
    further_row = (match[1] or "") if match else None
    form = opened.form(data, further_row=further_row, further_free_row=action == ADD_ROW)
    if changes := remedy_changes(form, action):
        form = opened.form(with_changes(form.data, changes))
    if data is not None and (subject := form.followed_subject()):
        form.data = form.data.copy()
        form.data["subject"] = subject
    return form


def _with_license_id(data: QueryDict, opened: Opened, code: str) -> QueryDict:
    """What was sent, with one more license ID as it first opens."""
    data = data.copy()
    fields = opened.form(None)
    added = fields.parts[-1]
    if added.licenseid.code != code or added.name("years") in data:
        return data
    for name, texts in fields.data.lists():
        if added.owns(name):
            data.setlist(name, texts)
    return data


def remedy_changes(form: RenewalForm, action: str) -> Changes:
    """What the button changes: what cures something, one term for all, a cell of the decision sheet. Nothing where it
    is another button, or changes nothing any more.
    """
    if not action.startswith((PREFIX, ALL_YEARS, TAKE)):
        return {}
    form.is_valid()
    if action.startswith(TAKE):
        return changes_of_taking(action, form, price_form(form))
    return changes_of(action, form, price_form(form))


def form_of_draft(opened: Opened, draft: QuoteDraft) -> RenewalForm:
    """The form as it was saved, for the license IDs and holdings of today."""
    asked = from_json(draft.asked)
    asked = with_codes(asked, present_codes(product_codes(asked)))
    parts = tuple(
        fit(part, held=held_of(opened.held[part.license_id])) for part in asked.parts if part.license_id in opened.held
    )
    positions = list(draft.parts.order_by("position").values_list("licenseid_id", flat=True))
    first = opened.licenseids[0]
    if opened.sees_margins:
        asked = with_own_costs(asked, key=draft.key, reseller=first.customer.reseller_id)
    prefixes = {one.code: f"{one.pk}-" if one.pk != positions[0] else "" for one in opened.licenseids}
    data = asked_data(replace(asked, parts=parts), draft.as_typed, prefixes=prefixes, with_costs=opened.sees_margins)
    if first.pk != positions[0]:
        data = first_moved_up(data, first)
    data["key"] = str(draft.key)
    data["seen_version"] = str(draft.version)
    form = opened.form(data)
    for part in form.parts:
        data[part.name("held")] = part.held_now()
    for name in [name for name in data if name not in form.fields]:
        del data[name]  # of holdings that are gone
    form.is_valid()
    return form


def held_form(opened: Opened) -> RenewalForm:
    """The form as it was typed, perhaps a while ago, for the license IDs and holdings of today."""
    typed = QueryDict(mutable=True) if opened.sent is None else opened.sent.copy()
    typed.pop("page", None)  # it is another page that shows it now
    return opened.form(typed)


def typed_values(form: RenewalForm, calculation: Calculation, *, by: User) -> dict[str, Any]:
    """What of a form a draft keeps, and what its page has seen, as the operations take it. The form was cleaned."""
    return {
        "asked": form.to_asked(),
        "as_typed": form.as_typed(),
        "pricing": calculation.pricing if form.is_valid() else None,
        "seen_version": form.cleaned_data.get("seen_version"),
        "page": page_name(form.data.get("page", ""), user=by),
    }


def price_form(form: RenewalForm) -> Calculation:
    """What the form costs today."""
    key = read_key(form.data.get("key", ""))
    products = [holding.product for part in form.parts for holding in part.holdings]
    return calculate(asked=form.to_asked(), customer=form.licenseid.customer, on=form.on, key=key, products=products)


def choices(form: RenewalForm, prices: Prices) -> list[tuple[str, str]]:
    """The products that can be added: codes, and how a list shows them.

    What is not sold any more is none of them, but stays where it was chosen already.
    """
    chosen = {row.product for part in form.parts for row in part.addition_rows()}
    hidden = set(prices.tables.ended) - chosen
    products = Product.objects.exclude(code__in=hidden).order_by("code")
    named = [(f"{name_of(product)} ({product.code})", name_segment(product.segment), product) for product in products]
    return [(product.code, f"{name} – {segment}" if segment else name) for name, segment, product in named]


def with_query(address: str, query: dict[str, list[str]]) -> str:
    """An address with what is asked of it; a name whose list is empty is not sent."""
    return f"{address}?{urlencode(query, doseq=True)}" if any(query.values()) else address


def replaced_version(action: str) -> int | None:
    """The version of a draft that a button replaces: `replace-7`, pressed by somebody who was told of it."""
    match = re.fullmatch(r"replace-(\d{1,9})", action, re.ASCII)
    return int(match[1]) if match else None


def removed_row(action: str) -> tuple[str, int] | None:
    """The license ID's prefix and the row of its additions whose button to remove it was pressed: `15-remove-0`."""
    match = re.fullmatch(r"(\d{1,18}-)?remove-(\d{1,2})", action, re.ASCII)
    return (match[1] or "", int(match[2])) if match else None


def removed_free_row(action: str) -> int | None:
    """The row of the free lines whose button to remove it was pressed: `remove-free-0`."""
    match = REMOVE.fullmatch(action)
    return int(match[1]) if match else None


def standing_line_of(action: str) -> int | None:
    """The number of the standing line that a button takes into the form: `take-free 12`."""
    match = re.fullmatch(r"take-free (\d{1,18})", action, re.ASCII)
    return int(match[1]) if match else None


def _with_standing_line(data: QueryDict, opened: Opened, number: int) -> QueryDict:
    """What was sent, with a standing line of the reseller's; nothing more where it is gone."""
    reseller = opened.licenseids[0].customer.reseller_id
    line = StandingLine.objects.filter(pk=number, reseller=reseller).first()
    return data if line is None else with_free_line(data, line_of(line), with_costs=opened.sees_margins)


def added_code(action: str) -> str | None:
    """The code of the license ID that a button takes into the form: `with LIC-0042`."""
    return action.removeprefix("with ") if action.startswith("with ") else None

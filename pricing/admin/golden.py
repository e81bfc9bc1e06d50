"""Golden cases in the administration: entered and confirmed on one page, compared with a list on another."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.administration import SearchAdmin
from foundation.administration.search import row_numbers
from foundation.versions import NAME, Conflict, Difference, last_change
from licensing.models import Product, User

from .. import operations
from ..forms import MOST_ROWS, CaseEntry
from ..models import Asked, GoldenAcceptance, GoldenCase, GoldenChange, GoldenResult, PriceList
from ..operations import GoldenCheck

REFUSALS = {
    "term-out-of-range": _("the number of years is not possible"),
    "quantity-negative": _("a quantity is below 0"),
    "renewal-exceeds-held": _("more is renewed than is held"),
    "nothing-to-quote": _("nothing is renewed and nothing is added"),
    "addition-repeated": _("a product is added twice"),
    "rank-missing": _("a product has no price at its programme’s rank"),
    "below-minimum": _("below the minimum at renewal"),
    "below-first-rank": _("below the first price rank"),
    "no-price-table": _("a product has no price table"),
    "product-discontinued": _("a product is not sold any more"),
    "no-addition-price": _("there is no addition price at the rank"),
    "too-late-to-renew": _("too late after the expiry to renew"),
    "no-tax-rate": _("no tax rate is in force"),
    "unknown-product": _("a product of the case is not there any more"),
}
KINDS = {"renewal": _("renewal"), "reduced_renewal": _("reduced renewal"), "addition": _("addition")}
MORE_ROWS = {"holding": 4, "addition": 2}


@dataclass(frozen=True, slots=True)
class Cell:
    """Old and new of one figure."""

    expected: Any
    found: Any

    @property
    def differs(self) -> bool:
        return bool(self.expected != self.found)

    @property
    def change(self) -> str:
        """How much more the new figure is, in yen and percent; empty where nothing changed or one of them is none."""
        if not self._has_change:
            return ""
        more = f"{self.found - self.expected:+,}".replace("-", "\N{MINUS SIGN}")
        return f"{more} ({self.percent})" if self.expected else more

    @property
    def percent(self) -> str:
        """How much more the new figure is, in percent of the old one."""
        if not self._has_change or not self.expected:
            return ""
        return f"{(self.found - self.expected) / self.expected:+.1%}".replace("-", "\N{MINUS SIGN}")

    @property
    def _has_change(self) -> bool:
        return isinstance(self.expected, int) and isinstance(self.found, int) and self.differs


@dataclass(frozen=True, slots=True)
class Row:
    """One line, old and new side by side; of a line that only one of them has, the other's figures are None."""

    product: str
    kind: Any
    quantity: Cell
    rank: Cell
    price: Cell
    amount: Cell

    @property
    def differs(self) -> bool:
        return any(cell.differs for cell in (self.quantity, self.rank, self.price, self.amount))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results side by side."""

    rows: list[Row]
    totals: list[tuple[Any, Cell]]
    refusals: Cell
    """Lists of words; empty: it is priced."""


def compare(expected: GoldenResult, found: GoldenResult) -> Comparison:
    """Lines are matched by product and kind, the first with the first."""
    sides = [_numbered(result) for result in (expected, found)]
    keys = [*sides[0], *(key for key in sides[1] if key not in sides[0])]
    rows = []
    for key in keys:
        old, new = (side.get(key, {}) for side in sides)
        names = ("quantity", "rank", "price", "amount")
        cells = {name: Cell(old.get(name), new.get(name)) for name in names}
        rows.append(Row(key[0], KINDS.get(key[1], key[1]), **cells))
    totals = [
        (label, Cell(*(None if result["refusals"] else result[name] for result in (expected, found))))  # type: ignore[literal-required]
        for name, label in (("subtotal", _("subtotal")), ("tax", _("tax")), ("total", _("total")))
    ]
    return Comparison(rows, totals, Cell(say_refusals(expected), say_refusals(found)))


def _numbered(result: GoldenResult) -> dict[tuple[str, str, int], dict[str, Any]]:
    seen: Counter[tuple[str, str]] = Counter()
    numbered = {}
    for line in result["lines"]:
        key = (line["product"], line["kind"])
        seen[key] += 1
        numbered[(*key, seen[key])] = dict(line)
    return numbered


def say_refusals(result: GoldenResult) -> list[str]:
    return [str(REFUSALS.get(code, code)) for code in result["refusals"]]


def say_result(result: GoldenResult) -> str:
    """A result in one line: the total with tax and the ranks, or why it is refused."""
    if result["refusals"]:
        return str(format_lazy("{}: {}", _("refused"), " · ".join(say_refusals(result))))
    ranks = " · ".join(f"{line['product']} {line['rank']}" for line in result["lines"])
    return f"¥{result['total']:,} ({ranks})"


def fingerprint(asked: Asked, result: GoldenResult) -> str:
    """Names what was on screen when somebody confirms it."""
    return hashlib.sha256(json.dumps([asked, result], sort_keys=True).encode()).hexdigest()[:20]


# --- The cases -------------------------------------------------------------------------------------------------------


@admin.register(GoldenCase)
class GoldenCaseAdmin(SearchAdmin):
    list_display = ("name", "is_active", "expected_now", "kept_by", "kept_at")
    list_filter = ("is_active",)
    list_select_related = ("kept_by",)
    search_fields = ("name", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[GoldenCase]:
        """With what is expected today, where an accepted difference has changed it."""
        changes = GoldenChange.objects.filter(
            acceptance__case=OuterRef("pk"),
            acceptance__at__gte=OuterRef("kept_at"),
            acceptance__price_list__effective_on__lte=timezone.localdate(),
            published_at=F("acceptance__price_list__published_at"),
        ).order_by("-acceptance__price_list__effective_on", "-pk")
        rows: QuerySet[GoldenCase] = super().get_queryset(request)
        return rows.annotate(changed_to=Subquery(changes.values("acceptance__found")[:1]))

    @admin.display(description=_("expected result"))
    def expected_now(self, case: Any) -> str:
        if case.changed_to is None and case.vendor_amount is not None:
            return gettext("¥%(amount)s, tax excluded (the vendor's amount)") % {"amount": f"{case.vendor_amount:,}"}
        return say_result(case.changed_to or case.expected)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.case_page(request, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        with transaction.atomic():
            if request.method == "POST" and object_id.isdecimal() and len(object_id) < 19:
                is_there = self.lock(object_id)
                if not is_there and self.has_change_permission(request) and (text := self.what_was_typed(request)):
                    return self.gone_page(request, object_id, text)
            return self.change_case(request, self.get_object(request, object_id))

    def change_case(self, request: HttpRequest, case: GoldenCase | None) -> HttpResponse:
        """The page of a case; when it is saved, under the case's lock."""
        if not self.has_change_permission(request, case):
            raise PermissionDenied
        if case is None:
            self.message_user(request, _("This golden case is not there any more."), messages.WARNING)
            return redirect("admin:pricing_goldencase_changelist")
        return self.case_page(request, case)

    def case_page(self, request: HttpRequest, case: GoldenCase | None) -> HttpResponse:
        """Enter, calculate with the list in force, confirm."""
        if request.method != "POST":
            return self.show_case(request, CaseEntry(case=case), case)
        action = request.POST.get("action", "")
        data = request.POST.copy()
        if action in ("more-holding", "more-addition"):
            prefix = action.removeprefix("more-")
            rows = rows_before(data.get(f"{prefix}-TOTAL_FORMS", ""))
            data[f"{prefix}-TOTAL_FORMS"] = str(min(rows + MORE_ROWS[prefix], MOST_ROWS))
            return self.show_case(request, CaseEntry(data, case=case), case, is_checked=False)
        differences: list[Difference] = []
        if case is not None:
            data, differences = CaseEntry(case=case).meet(data)
        entry = CaseEntry(data, case=case)
        if not entry.is_valid() or differences:
            return self.show_case(request, entry, case, status=422, differences=differences)
        return self.confirm_case(request, entry, case, action)

    def confirm_case(
        self, request: HttpRequest, entry: CaseEntry, case: GoldenCase | None, action: str
    ) -> HttpResponse:
        asked, name, today = entry.asked(), entry.form.cleaned_data["name"], timezone.localdate()
        amount = entry.form.cleaned_data["vendor_amount"]
        is_same = case is not None and asked == case.asked and amount == case.vendor_amount
        if case is not None and is_same and action == "save":
            return self.save_words(request, entry, case)
        try:
            price_list, result = operations.calculate_case(asked=asked, name=name, on=today)
        except operations.NoListInForce:
            entry.form.add_error(None, _("No price list is in force today, so nothing can be calculated."))
            return self.show_case(request, entry, case, status=422)
        mark = fingerprint(asked, result)
        if action != "keep" or entry.form.cleaned_data["seen"] != mark:
            return self.show_case(request, entry, case, result=result, price_list=price_list, mark=mark)
        now_expected = expected_today(case)[0] if case is not None else None
        if case is not None and is_same and result == now_expected:
            return self.save_words(request, entry, case)
        user: Any = request.user
        kept = operations.keep_case(
            case=write_words(entry, case or GoldenCase()),
            asked=asked,
            expected=result,
            expected_from=price_list,
            by=user,
            now=timezone.now(),
        )
        if case is None:
            self.log_addition(request, kept, str(_("Kept.")))
        else:
            self.log_change(request, kept, str(_("Confirmed anew.")))
        self.message_user(request, _("The golden case %(name)s is kept.") % {"name": kept}, messages.SUCCESS)
        return redirect("admin:pricing_goldencase_changelist")

    def save_words(self, request: HttpRequest, entry: CaseEntry, case: GoldenCase) -> HttpResponse:
        """Name, note and whether it is active. What is expected stays as it is."""
        write_words(entry, case).save(update_fields=["name", "note", "is_active"])
        self.log_change(request, case, str(_("Changed.")))
        self.message_user(request, _("The golden case %(name)s is saved.") % {"name": case}, messages.SUCCESS)
        return redirect("admin:pricing_goldencase_changelist")

    def show_case(
        self,
        request: HttpRequest,
        entry: CaseEntry,
        case: GoldenCase | None,
        *,
        result: GoldenResult | None = None,
        price_list: PriceList | None = None,
        mark: str = "",
        differences: Sequence[Difference] = (),
        is_checked: bool = True,
        status: int = 200,
    ) -> HttpResponse:
        """The page of one case. `is_checked`: whether errors are shown; not while rows are still being added."""
        expected, expected_from = expected_today(case) if case else (None, "")
        changed = result if result is not None and expected is not None and result != expected else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": case,
            "title": case.name if case else _("Add a golden case"),
            "media": self.media,
            "entry": entry,
            "version": _version(request, case, is_compared=is_checked),
            "conflict": Conflict(differences, *last_change(case)) if case and differences else None,
            "is_checked": is_checked,
            "mark": mark,
            "vendor": vendor_cell(entry, result),
            "products": Product.objects.order_by("code").only("code", "name"),
            "result": compare(result, result) if result else None,
            "compared": compare(expected, changed) if expected and changed else None,
            "price_list": price_list,
            "expected": compare(expected, expected) if expected else None,
            "expected_from": expected_from,
            "history": history_of(case) if case else [],
            "may_delete": self.has_delete_permission(request, case),
        }
        return TemplateResponse(request, "admin/pricing/goldencase/form.html", context, status=status)


def vendor_cell(entry: CaseEntry, result: GoldenResult | None) -> Cell | None:
    """The vendor's amount as typed beside the subtotal that was calculated; None where there are not both."""
    amount = entry.form.cleaned_data.get("vendor_amount") if result is not None else None
    if result is None or amount is None:
        return None
    return Cell(amount, None if result["refusals"] else result["subtotal"])


def _version(request: HttpRequest, case: GoldenCase | None, *, is_compared: bool) -> str:
    """The version that the page carries: of the case as it is now, if it was compared with that; else as it was."""
    if case is None:
        return ""
    return str(CaseEntry(case=case).version) if is_compared else request.POST.get(NAME, "")


def rows_before(text: str) -> int:
    """How many rows a formset had, as far as that is a number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def write_words(entry: CaseEntry, case: GoldenCase) -> GoldenCase:
    cleaned = entry.form.cleaned_data
    case.name, case.note, case.is_active = cleaned["name"], cleaned["note"], cleaned["is_active"]
    case.vendor_amount = cleaned["vendor_amount"]
    return case


def expected_today(case: GoldenCase) -> tuple[GoldenResult, str]:
    """What a case is expected to give today, and the name of the list that it stands for."""
    changes = operations.expectations_before(timezone.localdate() + timedelta(days=1), [case])
    change = changes.get(case.pk)
    return (change.found, change.price_list_name) if change else (case.expected, case.expected_from)


def history_of(case: GoldenCase) -> list[dict[str, Any]]:
    """What was accepted for the case, the latest first, and what became of it."""
    rows = GoldenAcceptance.objects.filter(case=case).prefetch_related("changes").order_by("-at", "-pk")
    published = dict(
        PriceList.objects.filter(pk__in=[row.price_list_id for row in rows]).values_list("pk", "published_at")
    )
    return [
        {
            "acceptance": row,
            "expected": say_result(row.expected),
            "found": say_result(row.found),
            "is_out": any(change.published_at == published.get(row.price_list_id) for change in row.changes.all()),
        }
        for row in rows
    ]


# --- A list against the cases ----------------------------------------------------------------------------------------


def golden_page(lists: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """All cases under one list: expected and found side by side, and the form to accept a difference.

    `lists` is the administration of price lists, whose page this is.
    """
    price_list: PriceList | None = lists.get_list(request, pk)
    if price_list is None:
        return redirect("admin:pricing_pricelist_changelist")
    refused: dict[str, Any] = {}
    if request.method == "POST":
        if not lists.has_change_permission(request):
            raise PermissionDenied
        reason, user = request.POST.get("reason", "")[:2000], cast(User, request.user)
        seen = dict(text.split(":", 1) for text in request.POST.getlist("seen") if text.count(":") == 1)
        try:
            accepted = operations.accept_differences(
                price_list=price_list,
                seen={int(number): seen[number] for number in row_numbers(seen)},
                reason=reason,
                by=user,
                now=timezone.now(),
            )
        except operations.AcceptRefused as error:
            refused = {"cases": [int(number) for number in row_numbers(seen)], "text": str(error), "reason": reason}
        else:
            names = " / ".join(row.case.name for row in accepted)
            lists.message_user(request, _("Accepted: %(names)s") % {"names": names}, messages.SUCCESS)
            return redirect("admin:pricing_pricelist_golden", pk)
    summary = golden_summary(price_list)
    return lists.show_page(  # type: ignore[no-any-return]
        request,
        "golden.html",
        price_list,
        _("Golden cases"),
        status=422 if refused else 200,
        golden=summary,
        refused=refused,
    )


def golden_summary(price_list: PriceList) -> dict[str, Any]:
    """The cases under a list in three heaps, each difference with its figures side by side."""
    checks = operations.check_golden_cases(price_list=price_list)
    return {
        "count": len(checks),
        "blocking": [shown(check) for check in checks if check.blocks],
        "accepted": [shown(check) for check in checks if check.acceptance],
        "same": [{"check": check, "result": say_result(check.found)} for check in checks if not check.differs],
    }


def shown(check: GoldenCheck) -> dict[str, Any]:
    return {"check": check, "comparison": compare(check.expected, check.found)}

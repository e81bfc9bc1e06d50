"""Price tables and tax rates in the administration: one product's prices on one page, a published list's only read."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import (
    Count,
    DecimalField,
    Field,
    Min,
    Model,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    QuerySet,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.administration import SearchAdmin, with_separators
from foundation.fields import HalfWidthField

from ...check.operations import check_price_list
from ...check.views import SEVERITY_LABELS
from ...engine.lint import Severity
from ...engine.lint_changes import changes_of
from ...engine.paradox import YEARS
from ...engine.rank import in_code_order
from ...engine.values import RANK_COLUMNS, TABLE_COLUMNS
from ...engine.values import PriceTable as TableValue
from ...events import record_event
from ...loader import product_value, table_value
from ...models import MultiYearDiscount, PriceList, PriceListEvent, PriceRank, PriceTable
from ...wording import say_finding
from .fields import TableNumberField, TablePercentField
from .plot import draw_plot

YEARS_GIVEN = frozenset(map(str, YEARS))


def as_plain(value: int | Decimal | None) -> int | str | None:
    """For JSON: a percentage as text, so that it stays exact."""
    return str(value) if isinstance(value, Decimal) else value


def filled_rows(formset: Any) -> list[dict[str, Any]]:
    """The rows that will be there after saving."""
    rows = [form.cleaned_data for form in formset.forms if hasattr(form, "cleaned_data")]
    return [row for row in rows if row and not row.get("DELETE")]


class PartFormSet(forms.BaseInlineFormSet):
    """Rows of a price table."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete")


class RankFormSet(PartFormSet):
    """The ranks of one table: at least one, each code and quantity once, codes ascending with the quantity."""

    def clean(self) -> None:
        if any(self.errors):
            return
        rows = sorted(filled_rows(self), key=lambda row: row["from_quantity"])
        if not rows:
            raise ValidationError(_("A price table needs at least one rank. Enter its code, quantity and prices."))
        problems = []
        for lower, higher in pairwise(rows):
            ranks = {"lower": lower["rank"], "higher": higher["rank"], "quantity": higher["from_quantity"]}
            if lower["from_quantity"] == higher["from_quantity"]:
                text = _("The ranks %(lower)s and %(higher)s both begin at %(quantity)s. Give each its own quantity.")
                problems.append(ValidationError(text, code="same-quantity", params=ranks))
            elif in_code_order(lower["rank"]) > in_code_order(higher["rank"]):
                text = _(
                    "The ranks are not in order: %(higher)s begins at %(quantity)s, but %(lower)s at fewer. "
                    "Look for swapped quantities."
                )
                problems.append(ValidationError(text, code="order", params=ranks))
        codes = [row["rank"] for row in rows]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            text = _("The rank %(rank)s stands twice. Give each rank its own code.")
            problems.append(ValidationError(text, code="same-code", params={"rank": code}))
        if problems:
            raise ValidationError(problems)


class DiscountFormSet(PartFormSet):
    """The multi-year discounts of one table: only for a product that is marked for them (R10)."""

    def clean(self) -> None:
        if any(self.errors) or self.instance.product_id is None:
            return
        rows = filled_rows(self)
        years = [row["years"] for row in rows]
        for number in sorted({number for number in years if years.count(number) > 1}):
            raise ValidationError(
                _("Two discounts are for %(years)s years. Keep one of them."), params={"years": number}
            )
        if rows and not self.instance.product.is_multi_year_discountable:
            raise ValidationError(
                _(
                    "%(product)s may not have a multi-year discount (R10). Delete the discounts, or first mark the "
                    "product as one that may have them."
                ),
                params={"product": self.instance.product},
            )


class DraftsOnly(admin.options.BaseModelAdmin):
    """Edits what belongs to a draft; only shows what belongs to a published price list."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_locked(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_locked(obj) and super().has_delete_permission(request, obj)


def is_locked(obj: PriceList | PriceTable | None) -> bool:
    """Whether the list, or the list that the table belongs to, is published."""
    if obj is None or obj.pk is None:
        return False
    return (obj if isinstance(obj, PriceList) else obj.price_list).is_published


AS_TYPED: dict[type[Field], dict[str, Any]] = {
    PositiveIntegerField: {"form_class": TableNumberField, "widget": forms.TextInput},
    PositiveSmallIntegerField: {"form_class": TableNumberField, "widget": forms.TextInput},
    DecimalField: {"form_class": TablePercentField, "widget": forms.TextInput},
}
"""Numbers are typed as people in Japan type them."""


class PartInline(DraftsOnly, admin.TabularInline):
    """A part of a price table; `obj` is the table. Read-only with its list."""

    formfield_overrides = AS_TYPED

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Each field says its name to those who do not see the column's head."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = field.label
        return field

    def has_add_permission(self, request: HttpRequest, obj: PriceTable | None = None) -> bool:
        return not is_locked(obj) and super().has_add_permission(request, obj)


class RankForm(forms.ModelForm):
    class Meta:
        field_classes = {"rank": HalfWidthField}


class RankInline(PartInline):
    model = PriceRank
    form = RankForm
    formset = RankFormSet
    extra = 3
    readonly_fields = tuple(f"{kept}_shown" for kept in RANK_COLUMNS.values())

    def get_fields(self, request: HttpRequest, obj: PriceTable | None = None) -> tuple[str, ...]:
        """Figures that are only read are easier to read with separators."""
        if is_locked(obj):
            return ("rank", *self.readonly_fields)
        return ("rank", *RANK_COLUMNS)


for _name, _kept in RANK_COLUMNS.items():
    setattr(RankInline, f"{_kept}_shown", with_separators(PriceRank, _name))


class DiscountInline(PartInline):
    model = MultiYearDiscount
    formset = DiscountFormSet
    extra = 1
    verbose_name_plural = _("multi-year discounts (only for a product that may have them, R10)")


class PriceTableForm(forms.ModelForm):
    def clean_price_list(self) -> PriceList:
        price_list: PriceList = self.cleaned_data["price_list"]
        if price_list.is_published:
            raise ValidationError(
                _("%(name)s is published and does not change any more. Choose a draft, or make a new price list."),
                params={"name": price_list},
            )
        return price_list


@admin.register(PriceTable)
class PriceTableAdmin(DraftsOnly, SearchAdmin):
    form = PriceTableForm
    formfield_overrides = AS_TYPED
    change_form_template = "admin/pricing/pricetable/change_form.html"
    list_display = ("product", "price_list", *TABLE_COLUMNS, "rank_count", "first_quantity")
    list_filter = ("price_list", "product__programme")
    list_select_related = ("product", "price_list")
    search_fields = ("product__search_key", "price_list__name")
    autocomplete_fields = ("price_list", "product")
    fields = ("price_list", "product", *TABLE_COLUMNS)
    inlines = (RankInline, DiscountInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("price_list", "product") if obj is not None else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceTable]:
        counted = {"rank_count": Count("ranks"), "first_quantity": Min("ranks__from_quantity")}
        rows: QuerySet[PriceTable] = (
            super().get_queryset(request).select_related("price_list", "product__programme").annotate(**counted)
        )
        return rows

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """With what the linter says of the product, and the plot of its total price; both of what is saved."""
        table = kwargs.get("obj")
        if table is not None:
            given = request.GET.get("years", "")
            years = int(given) if given in YEARS_GIVEN else 1
            product, value = product_value(table.product), table_value(table)
            context |= {"plot": draw_plot(product, value, years), "years": years, "all_years": YEARS}
            if not table.price_list.is_published:
                checked = check_price_list(price_list=table.price_list, on=timezone.localdate())
                context["findings"] = [
                    {
                        "severity": finding.severity.value,
                        "label": SEVERITY_LABELS[finding.severity],
                        "text": say_finding(finding),
                    }
                    for finding in checked.findings
                    if finding.product_code == product.code and finding.severity is not Severity.INFORMATION
                ]
        return super().render_change_form(request, context, *args, **kwargs)

    # --- The list's history, and the way back to the list -----------------------------------------------------------

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Before anything is written: the prices as they are are kept for the list's history."""
        form.prices_before = self.read_prices(form.instance.pk) if change else None
        return super().save_form(request, form, change)

    def read_prices(self, pk: int) -> TableValue:
        """A table as it is stored."""
        rows = PriceTable.objects.select_related("product").prefetch_related("ranks", "multi_year_discounts")
        return table_value(rows.get(pk=pk))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            text = _("prices of %(code)s") if change else _("prices of %(code)s added")
            changes = changes_of(form.prices_before, self.read_prices(form.instance.pk))
            self.record(request, form.instance, text, changes)

    def delete_model(self, request: HttpRequest, obj: PriceTable) -> None:
        changes = changes_of(self.read_prices(obj.pk), None)
        super().delete_model(request, obj)
        self.record(request, obj, _("prices of %(code)s deleted"), changes)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[PriceTable]) -> None:
        for table in queryset:
            self.delete_model(request, table)

    def record(self, request: HttpRequest, table: PriceTable, text: Any, changes: list[Any]) -> None:
        """In the history of the list, with old and new prices."""
        user: Any = request.user
        record_event(
            price_list=table.price_list,
            kind=PriceListEvent.Kind.CHANGED,
            by=user,
            now=timezone.now(),
            detail={
                "fields": [str(text % {"code": table.product.code})],
                "changes": [[*key, *map(as_plain, values)] for key, *values in changes],
            },
        )

    def response_post_save_add(self, request: HttpRequest, obj: PriceTable) -> HttpResponseRedirect:
        return self.back_to_list(obj)

    def response_post_save_change(self, request: HttpRequest, obj: PriceTable) -> HttpResponseRedirect:
        return self.back_to_list(obj)

    def response_add(self, request: HttpRequest, obj: PriceTable, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.stay_in_list(request, obj, super().response_add(request, obj, *args, **kwargs))

    def response_change(self, request: HttpRequest, obj: PriceTable) -> HttpResponse:
        return self.stay_in_list(request, obj, super().response_change(request, obj))

    def stay_in_list(self, request: HttpRequest, table: PriceTable, response: HttpResponse) -> HttpResponse:
        """Whoever saves and adds another table adds it to the same list."""
        if "_addanother" in request.POST and isinstance(response, HttpResponseRedirect):
            return HttpResponseRedirect(
                reverse("admin:pricing_pricetable_add", query={"price_list": table.price_list_id})
            )
        return response

    def back_to_list(self, table: PriceTable) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:pricing_pricelist_change", args=[table.price_list_id]))

    @admin.display(description=_("price ranks"), ordering="rank_count")
    def rank_count(self, table: Any) -> int:
        return int(table.rank_count)

    @admin.display(description=_("from quantity"), ordering="first_quantity")
    def first_quantity(self, table: Any) -> int | None:
        return table.first_quantity  # type: ignore[no-any-return]

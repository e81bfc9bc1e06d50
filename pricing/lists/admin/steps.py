"""The way of a draft to its publishing, step by step, with what is left to do at each."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ...check.operations import Checked
from ...golden.operations import check_golden_cases
from ...models import PriceList


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `state`: `done`, `todo` or `stop`, which keeps the list from being published."""

    name: str | Promise
    state: str
    text: str
    url: str


def prices_step(price_list: PriceList, table_count: int) -> Step:
    """Prices come from a file or are typed."""
    text = ngettext("%(count)s product", "%(count)s products", table_count) % {"count": f"{table_count:,}"}
    if table_count:
        return Step(_("Import"), "done", text, reverse("admin:pricing_pricelist_difference", args=[price_list.pk]))
    page = reverse("admin:pricing_pricelist_import_based_on", args=[price_list.pk])
    return Step(_("Import"), "stop", str(_("No prices yet: import a file, or add a product's prices.")), page)


def check_step(price_list: PriceList, checked: Checked) -> Step:
    """What the linter says."""
    page = reverse("admin:pricing_pricelist_check", args=[price_list.pk])
    blocking, to_tick = len(checked.blocking), len(checked.to_tick)
    if blocking:
        text = ngettext("%(count)s to put right", "%(count)s to put right", blocking) % {"count": f"{blocking:,}"}
        return Step(_("Check"), "stop", text, page)
    if to_tick:
        text = ngettext("%(count)s to tick as read", "%(count)s to tick as read", to_tick) % {"count": f"{to_tick:,}"}
        return Step(_("Check"), "todo", text, page)
    return Step(_("Check"), "done", str(_("Nothing to put right.")), page)


def golden_step(price_list: PriceList) -> Step:
    """Golden cases that give another result."""
    page = reverse("admin:pricing_pricelist_golden", args=[price_list.pk])
    checks = check_golden_cases(price_list=price_list)
    differing = sum(check.blocks for check in checks)
    if differing:
        text = ngettext("%(count)s to accept or put right", "%(count)s to accept or put right", differing)
        return Step(_("Golden cases"), "stop", text % {"count": differing}, page)
    if not checks:
        return Step(_("Golden cases"), "todo", str(_("There are none yet.")), page)
    text = ngettext("%(count)s case as expected", "%(count)s cases as expected", len(checks)) % {"count": len(checks)}
    return Step(_("Golden cases"), "done", text, page)


def steps_before_impact(price_list: PriceList, checked: Checked, table_count: int) -> list[Step]:
    """Import and check. The impact belongs to quotes, and stands between these and the others."""
    return [prices_step(price_list, table_count), check_step(price_list, checked)]


def steps_after_impact(price_list: PriceList, before: list[Step]) -> list[Step]:
    """Golden cases and publishing, which waits for whatever stops it."""
    golden = golden_step(price_list)
    page = reverse("admin:pricing_pricelist_publish", args=[price_list.pk])
    if any(step.state == "stop" for step in [*before, golden]):
        return [golden, Step(_("Publish"), "stop", str(_("Waits for the steps before.")), page)]
    return [golden, Step(_("Publish"), "todo", str(_("Ready: read it once more and publish.")), page)]

"""R13: the quote's date: which prices are in force, and what has expired."""

from datetime import timedelta

from ..problems import Problem, refusal, warning
from ..step import StepKind
from ..values import each_product_once
from ..wording import Rule, both
from .r03_quoted import Quoted

R13 = Rule("R13", both("Date", "基準日"))

SUPPORT_EXPIRED = warning(
    R13,
    "support-expired",
    en="Support has expired already ({products}, first on {expired:day}).",
    ja="サポートがすでに満了しています（{products}、最も早い満了日 {expired:day}）。",
)
TOO_LATE_TO_RENEW = refusal(
    R13,
    "too-late-to-renew",
    en="{product}: support expired on {expired:day}, and {programme} is renewed until {last:day} at the latest.",
    ja="{product}：サポートは {expired:day} に満了しており、{programme}で更新できるのは {last:day} までです。",
)

PRICE_LIST = StepKind(
    R13,
    "price-list",
    both("Price list in force on {request.on:day}", "{request.on:day} に有効な価格表"),
    result="{told_list}",
)


def check_expiries(quoted: Quoted) -> list[Problem]:
    """After its expiry a holding is renewed with a warning, or not at all where its programme says so."""
    on = quoted.request.on
    problems, possible = [], []
    for one in quoted.renewed:
        holding, expiry = one.holding, one.holding.support_expires_on
        if expiry >= on:
            continue
        programme = holding.product.programme
        days = programme.late_renewal_days
        if days is None or (on - expiry).days <= days:
            possible.append(holding)
            continue
        last = expiry + timedelta(days=days)
        facts = {"product": holding.product, "programme": programme, "expired": expiry, "last": last}
        problems.append(Problem(TOO_LATE_TO_RENEW, (f"holding:{holding.key}",), facts))
    if possible:
        warned = {
            "products": each_product_once(holding.product for holding in possible),
            "expired": min(holding.support_expires_on for holding in possible),
        }
        problems.append(Problem(SUPPORT_EXPIRED, tuple(f"holding:{holding.key}" for holding in possible), warned))
    return problems

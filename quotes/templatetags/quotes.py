"""Days as people count them, and sentences as people read them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any, cast

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from foundation.text.language import in_language, reader_language
from licensing.models import Customer, User
from licensing.queries import may_see_customer
from licensing.templatetags.portal import yen

from ..archive.box import quotes_in_box
from ..archive.listing import ANSWERS_SHOWN, last_answers, quotes_of_customer
from ..models import SHOWN_STATES, Quote, shown_state
from ..paper.document import (
    Bank,
    Document,
    by_license_id,
    net_price,
    numbered_free_lines,
    shows_list_prices,
    sum_free_lines,
)
from ..paper.own import say_bank, say_tax
from ..paper.totals import lay_out_reductions
from ..paper.wording import WORDINGS, write_percent
from ..record.holdings import Settled, SettledBeside, settled_beside

register = template.Library()
register.filter(by_license_id)
register.filter(shows_list_prices)

SHOWN_AT_ONCE = 5
"""Of a list that leads on to the whole."""


@register.simple_tag
def state_of(quote: Quote, on: date) -> str:
    """The state as people see it on a day: a key of SHOWN_STATES. The quote's status is loaded."""
    return shown_state(state=quote.status.state, valid_until=quote.valid_until, on=on)


@register.simple_tag
def state_badge(quote: Quote, on: date) -> SafeString:
    """The state as a mark and a word. A list has one for each row, so it is no template."""
    state = state_of(quote, on)
    return format_html('<span class="chip state-{}">{}</span>', state, capfirst(str(SHOWN_STATES[state])))


@register.filter
def issued_by(quote: Quote) -> str:
    """Who issued the quote: by the name on it, on English pages in Latin letters where they are known."""
    return in_language(quote.issued_by_name, quote.issued_by.name_en)


@register.simple_tag
def customer_link(user: User, quote: Quote) -> SafeString:
    """The customer by the name on the quote: a link where the user may open the customer. The customer is loaded."""
    address = reverse("customer", args=[quote.customer.present_id]) if may_see_customer(user, quote.customer) else ""
    return _linked(quote.customer_name, address, "name")


@register.simple_tag
def license_id_links(user: User, quote: Quote) -> SafeString:
    """The license IDs as they stand on the quote, likewise. Its parts are loaded, with license IDs and customers."""
    links = [
        _linked(
            part.license_code,
            reverse("renewals:license-id", args=[part.licenseid.code])
            if may_see_customer(user, part.licenseid.customer)
            else "",
            "code",
        )
        for part in quote.parts.all()
    ]
    return format_html_join(" ", "{}", ([link] for link in links))


@register.filter
def years_of(document: Mapping[str, Any]) -> int | None:
    """The term of all license IDs of an issued quote's document; None where they differ."""
    terms = {part["years"] for part in document["parts"]}
    return terms.pop() if len(terms) == 1 else None


@register.filter
def is_over_several(document: Mapping[str, Any]) -> bool:
    """Whether it is a quote over several license IDs (R18)."""
    return len(document["parts"]) > 1


def _linked(text: str, address: str, kind: str) -> SafeString:
    if address:
        return format_html('<a class="{}" href="{}">{}</a>', kind, address, text)
    return format_html('<span class="{}">{}</span>', kind, text)


@register.inclusion_tag("quotes/_answers.html")
def waiting_answers(user: User) -> dict[str, object]:
    """The customers' answers that nobody has followed up, for the reseller's people. One query."""
    quotes = last_answers(user) if user.is_reseller_staff else []
    return {"quotes": quotes[:ANSWERS_SHOWN], "is_more": len(quotes) > ANSWERS_SHOWN}


@register.simple_tag
def found_quotes(user: User, text: str) -> dict[str, object]:
    """The quotes that the header's search box finds beside license IDs. Three queries at most, none without a number
    or an address in the text.
    """
    quotes = list(quotes_in_box(user, text)[: SHOWN_AT_ONCE + 1]) if text else []
    return {"quotes": quotes[:SHOWN_AT_ONCE], "is_more": len(quotes) > SHOWN_AT_ONCE}


@register.inclusion_tag("quotes/_customer_quotes.html")
def customer_quotes(user: User, customer: Customer, on: date) -> dict[str, object]:
    """A customer's last quotes. One query."""
    quotes = list(quotes_of_customer(user, customer)[: SHOWN_AT_ONCE + 1])
    return {"quotes": quotes[:SHOWN_AT_ONCE], "is_more": len(quotes) > SHOWN_AT_ONCE, "customer": customer, "on": on}


@register.simple_tag
def quotes_beside(user: User, rows: Iterable[Any], on: date) -> SettledBeside:
    """The open and ordered quotes of the license IDs in a list, whose holdings are loaded. One query (R22)."""
    return settled_beside(user, [row.licenseid for row in rows], on=on)


@register.filter
def of_holding(found: SettledBeside | str, pk: int) -> list[Settled]:
    """Those of one holding; none on a page that did not ask."""
    return found.holdings.get(pk, []) if isinstance(found, SettledBeside) else []


@register.filter
def in_years(years: int) -> str:
    """A term in words."""
    return ngettext("%(counter)s year", "%(counter)s years", years) % {"counter": years}


@register.filter
def tax_included(years: int | None) -> str:
    """What a total is: with tax, for so many years; None where its license IDs' terms differ."""
    if not years:
        return gettext("tax included")
    return ngettext("tax included, %(counter)s year", "tax included, %(counter)s years", years) % {"counter": years}


@register.filter
def count_problems(number: int) -> str:
    """How much stands in the way of a quote."""
    return ngettext("%(counter)s problem", "%(counter)s problems", number) % {"counter": number}


@register.filter
def count_warnings(number: int) -> str:
    """How much is still to be read."""
    return ngettext("%(counter)s warning", "%(counter)s warnings", number) % {"counter": number}


@register.filter
def bounds(reason: str) -> str:
    """What ends a quote's validity before its usual days, behind the day; empty where nothing does (R16)."""
    if reason == "expiry":
        return gettext("(support expiry)")
    if reason == "left-out":
        return gettext("(support expiry of what is left out)")
    return gettext("(before new prices)") if reason == "price-list" else ""


@register.filter
def days_from(day: date, on: date) -> int:
    """How many days the day lies ahead; negative where it has passed."""
    return (day - on).days


@register.filter
def past(days: int) -> int:
    """How many days ago, from a negative number of days."""
    return -days


@register.filter
def day(text: str | None) -> date | None:
    """A day that a document holds as text."""
    return date.fromisoformat(text) if text else None


@register.filter
def moment(text: str) -> datetime:
    """A moment that a record holds as text."""
    return datetime.fromisoformat(text)


@register.simple_tag
def formula(
    quantity: int,
    unit: str,
    renewal_price: int,
    addition_price: int | None,
    years: int,
    further: int,
    discount: Decimal | str | None,
) -> str:
    """How a line's amount comes about, in one line. Prices: yen per license and year, tax excluded.

    `further`: the years of an addition after its first. `discount`: percent, also as a document holds it.
    """
    told = {"number": f"{quantity:,}", "unit": unit, "price": yen(renewal_price)}
    if addition_price is None:
        text = ngettext(
            "%(number)s %(unit)s × %(price)s × %(counter)s year",
            "%(number)s %(unit)s × %(price)s × %(counter)s years",
            years,
        )
        text %= told | {"counter": years}
    elif further:
        text = ngettext(
            "%(number)s %(unit)s × (%(first)s + %(price)s × %(counter)s year)",
            "%(number)s %(unit)s × (%(first)s + %(price)s × %(counter)s years)",
            further,
        ) % (told | {"first": yen(addition_price), "counter": further})
    else:
        text = gettext("%(number)s %(unit)s × %(first)s") % (told | {"first": yen(addition_price)})
    if discount:
        text += " " + gettext("less %(percent)s %%") % {"percent": f"{Decimal(discount).normalize():f}"}
    return text


@register.filter
def line_formula(line: Mapping[str, Any]) -> str:
    """The same of a line as a document holds it."""
    return formula(
        quantity=line["quantity"],
        unit=line["unit"],
        renewal_price=line["renewal_price"],
        addition_price=line["addition_price"],
        years=line["years"],
        further=line["years"] - 1,
        discount=line["discount_percent"],
    )


@register.filter
def line_formula_for_customers(line: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """The same for a customer: where net prices are set, of what is offered and without the list price."""
    if "offer" not in line or shows_list_prices(document):
        return line_formula(line)
    if (price := net_price(line)) is None:
        return f"{line['quantity']:,} {line['unit']}"
    net = {"renewal_price": price, "addition_price": None, "discount_percent": None}
    return line_formula({**line, **net})


@register.filter
def offer_words(line: Mapping[str, Any]) -> str:
    """The list price of a line and what was given away on it; empty where it is offered at its list price (R20)."""
    if (offer := line.get("offer")) is None:
        return ""
    told = {"list": yen(offer["list_amount"]), "less": yen(offer["list_amount"] - line["amount"])}
    if offer["percent"]:
        told["percent"] = write_percent(offer["percent"])
        return gettext("List price %(list)s, reduction %(less)s (%(percent)s %%)") % told
    return gettext("List price %(list)s, reduction %(less)s") % told


@register.filter
def reductions(document: Mapping[str, Any]) -> list[list[str]]:
    """Labels and amounts that come before the subtotals where less than the list is asked, as on the paper (R20)."""
    return lay_out_reductions(cast(Document, document), WORDINGS[reader_language()])


@register.filter
def tax_words(category: str, percent: Any) -> str:
    """At which rate a free line is taxed, as on the paper, in the reader's language (R23)."""
    return say_tax(category, f"{percent}", WORDINGS[reader_language()])


@register.filter
def free_lines(document: Mapping[str, Any]) -> list[tuple[int, Any]]:
    """The lines of the reseller's own, each with its number in the quote."""
    return [*numbered_free_lines(document)]


@register.filter
def free_subtotal(document: Mapping[str, Any]) -> int:
    """What they come to, tax excluded."""
    return sum_free_lines(document)


@register.filter
def bank_words(bank: Mapping[str, Any]) -> str:
    """The account to pay to, as on the paper, in the reader's language."""
    return say_bank(cast(Bank, bank), WORDINGS[reader_language()])


@register.filter
def kind_word(kind: str) -> str:
    """What a line is: a renewal, a reduced renewal or an addition."""
    if kind == "renewal":
        return gettext("renewal")
    return gettext("reduced renewal") if kind == "reduced_renewal" else gettext("addition")


@register.filter
def mail_mark(mail: Any) -> str:
    """The mark (class of a chip) of what became of an e-mail."""
    return {"sent": "ok", "failed": "stop"}.get(mail.state, "past" if mail.is_settled else "due")


FIRST_SENTENCE = re.compile(r".+?(?:。|[.!?](?=\s|$)|$)", re.DOTALL)
AMOUNT = re.compile(r"▲?¥[\d,]*\d")


@register.filter
def headed(text: str) -> SafeString:
    """A text whose first sentence stands out as its heading, and in the rest the amounts of money."""
    escaped = escape(text)
    heading = FIRST_SENTENCE.match(escaped)
    end = heading.end() if heading else 0
    rest = AMOUNT.sub(r'<b class="nowrap">\g<0></b>', escaped[end:])
    return mark_safe(f"<b>{escaped[:end]}</b>{rest}" if end else rest)

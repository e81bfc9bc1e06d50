"""Years in small: renewed, reduced, discontinued, added, carried out, now and then undone; every quantity and expiry
against a model of its own that knows nothing of the portal (R2, R21).
"""

import os
import random
from collections import Counter
from datetime import date, datetime, time, timedelta, timezone

import pytest
import time_machine

from licensing.models import LicenseID
from pricing.engine.rulebook import WARNING_RULES
from quotes.models import QuoteStatus
from quotes.record.refusals import OrderedElsewhere
from quotes.record.transitions import record_order
from renewals.carrying_out.operations import carry_out, undo
from renewals.models import CarryingOut
from renewals.refusals import QuoteRefused
from tests.cast import make_cast, make_license_id
from tests.making import issue_quote

pytestmark = [pytest.mark.django_db, pytest.mark.soak]

SOAK = int(os.environ.get("SOAK", "0"))
LICENSE_IDS = 200 if SOAK else 3
YEARS = 5 if SOAK else 3
PRODUCTS = ("SMP-BS", "SMP-AO", "SMP-CC", "SMP-IM", "SMP-DS")
EXPIRIES = (date(2027, 2, 28), date(2027, 3, 31), date(2027, 3, 30), date(2027, 4, 15))
JAPAN = timezone(timedelta(hours=9))

Held = Counter[tuple[str, date]]


def after(old: date, years: int) -> date:
    """The last day of so many years from the day after: the day before the same date, or the last of February."""
    first = old + timedelta(days=1)
    try:
        return first.replace(year=first.year + years) - timedelta(days=1)
    except ValueError:
        return date(first.year + years, 2, 28)


def held_of(licenseid: LicenseID) -> Held:
    rows = licenseid.holdings.values_list("product__code", "support_expires_on", "quantity")
    return Counter({(code, until): quantity for code, until, quantity in rows})


def wish(licenseid: LicenseID, on: date, dice: random.Random) -> tuple[dict[str, object], Held] | None:
    """What is entered for what expires within 120 days, and what must be held after it; None where nothing does."""
    holdings = list(licenseid.holdings.select_related("product").order_by("pk"))
    due = [row for row in holdings if row.support_expires_on <= on + timedelta(days=120)]
    if not due:
        return None
    years, model = dice.choice((1, 1, 1, 2, 3)), held_of(licenseid)
    changes: dict[str, object] = {"years": str(years)}
    is_reduced = dice.random() < 0.5
    if is_reduced:
        changes["is_reduced"] = "on"
    kept = due[0]
    for row in holdings:
        changes[f"renew-{row.pk}"] = "on" if row in due else None
        if row not in due:
            continue
        quantity = row.quantity
        if is_reduced:
            quantity = dice.choice(
                (row.quantity, row.quantity - row.quantity // 5, 0 if row is not kept else row.quantity)
            )
            changes[f"quantity-{row.pk}"] = str(quantity)
        del model[row.product.code, row.support_expires_on]
    for row in due:
        quantity = int(str(changes.get(f"quantity-{row.pk}", row.quantity)))
        if quantity:
            model[row.product.code, after(row.support_expires_on, years)] += quantity
    if dice.random() < 0.5:
        product, number = dice.choice(PRODUCTS), dice.randint(10, 40)
        changes |= {"addition-0-product": product, "addition-0-quantity": str(number)}
        renewed = [row for row in due if changes.get(f"quantity-{row.pk}") != "0"]
        same = [row.support_expires_on for row in renewed if row.product.code == product]
        model[product, after(min(same or [row.support_expires_on for row in renewed]), years)] += number
    return changes, model


@pytest.mark.timeout(3600 if SOAK else 120)
def test_every_quantity_and_expiry_over_the_years():
    with time_machine.travel(datetime(2027, 1, 15, 10, tzinfo=JAPAN), tick=False) as clock:
        cast, dice = make_cast(), random.Random(2027)
        rows = []
        for number in range(LICENSE_IDS):
            held = [(code, dice.randint(30, 300), dice.choice(EXPIRIES)) for code in dice.sample(PRODUCTS, 3)]
            rows.append(make_license_id(cast.customer, f"LIC-{number:04d}", *held))
        models = {row.pk: held_of(row) for row in rows}
        done = Counter[str]()
        for year in range(YEARS):
            now = datetime.combine(date(2027 + year, 1, 15), time(10), JAPAN)
            clock.move_to(now)
            for row in rows:
                wished = wish(row, now.date(), dice)
                if wished is None:
                    continue
                changes, model = wished
                asked = {"by": cast.staff, "now": now, "changes": changes, "acknowledged": tuple(WARNING_RULES)}
                try:
                    quote = issue_quote(row, **asked)
                except QuoteRefused:
                    done["refused"] += 1
                    continue
                again = issue_quote(row, **asked) if dice.random() < 0.2 else None
                record_order(quote=quote, by=cast.staff, now=now)
                if again:
                    with pytest.raises(OrderedElsewhere):
                        record_order(quote=again, by=cast.staff, now=now)
                    done["second order"] += 1
                [part] = quote.parts.all()
                [carried] = carry_out(quote=quote, parts=[part.pk], by=cast.staff, now=now)
                assert held_of(row) == model, (row.code, year)
                if dice.random() < 0.3:
                    undo(done=carried, by=cast.staff, now=now)
                    assert held_of(row) == models[row.pk], (row.code, year)
                    carry_out(quote=quote, parts=[part.pk], by=cast.staff, now=now)
                    done["undone"] += 1
                models[row.pk] = model
                done["carried out"] += 1
            assert {row.pk: held_of(row) for row in rows} == models
        assert done["carried out"] > 2 * done["refused"]
        assert done["carried out"] >= LICENSE_IDS
        assert done["undone"] > 0
        assert CarryingOut.objects.filter(undone_at=None).count() == done["carried out"]
        assert QuoteStatus.objects.filter(carried_out=1).count() == done["carried out"]

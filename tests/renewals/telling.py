"""Customers who are told of prices to come, as tests do it."""

from datetime import date

from foundation.jobs.models import Batch
from foundation.jobs.operations import work_off
from pricing.lists.operations.publish import publish
from pricing.loader import load_tables
from pricing.models import PriceList
from pricing.queries import list_before
from quotes.letters.words import Letter
from renewals.confirmations.recipients import Addressed
from renewals.impact import draft_fingerprint
from renewals.models import ImpactRun
from renewals.price_changes.operations import TellWork, start_telling
from renewals.price_changes.queries import current_run
from renewals.price_changes.tasks import tell_customers
from tests.cast import NOW, TODAY, Cast, make_license_id
from tests.renewals.impacts import make_draft


def tell_of_new_prices(cast: Cast) -> None:
    """From the draft of a list to the letter that waits to be sent."""
    make_license_id(cast.customer, "LIC-7801", ("SMP-BS", 45))
    prices = make_draft(cast, percent=200, effective_on=date(2027, 11, 1), name="2027年11月版")
    publish(price_list=prices, by=cast.admin, now=NOW, acknowledged=("price-changed",))
    prices.refresh_from_db()
    run = _given_impact(prices, cast)
    assert current_run(prices) == run
    start_telling(
        price_list=prices,
        run=run,
        addressed=[Addressed(cast.customer, "a@example.jp", "宛先", "ja")],
        letters={("prices", "ja"): Letter("件名", "{license_ids} {until}")},
        task=tell_customers,
        by=cast.staff,
        now=NOW,
    )
    batch = Batch.objects.latest("pk")
    work_off(batch_pk=batch.pk, work=TellWork(lambda: NOW), clock=lambda: NOW)
    batch.refresh_from_db()
    assert batch.result == {"told": 1, "left": 0, "names": []}


def _given_impact(prices: PriceList, cast: Cast) -> ImpactRun:
    """A run that is done; what it found is not asked for here, because each letter works it out anew."""
    batch = Batch.objects.create(
        task_path="-", state="done", language="ja", created_by=cast.admin, created_at=NOW, enqueued_at=NOW,
        finished_at=NOW,
    )  # fmt: skip
    return ImpactRun.objects.create(
        price_list=prices,
        price_list_name=prices.name,
        compared_with=list_before(prices),
        fingerprint=draft_fingerprint(load_tables(price_list=prices), effective_on=prices.effective_on),
        priced_on=prices.effective_on,
        on=TODAY,
        days=90,
        batch=batch,
    )

"""Staff ask customers what they need, see what they answered, and quote it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.held import sent
from foundation.jobs.operations import start_batch
from foundation.versioned_forms import Look, fill_and_save
from licensing.models import Customer, Holding, LicenseID, Reseller, User
from licensing.operations.turns import ChangedHands
from licensing.queries import visible_license_ids
from licensing.views import for_makers, for_managers, for_staff
from licensing.views.pages import page_of
from quotes.letters.words import fill_in
from quotes.record.refusals import AlreadyIssued, FormKeyTaken

from .. import operations
from ..addresses import answer_address
from ..contacts import keep_contact
from ..forms import AskForm, Group, SettingsForm
from ..many import as_row
from ..needed import from_json
from ..operations import MOST_LICENSE_IDS, AlreadyAsked, NotOpen
from ..queries import asked_license_ids, last_work, next_expiry, open_parts, visible_confirmations, with_standing
from ..recipients import Addressed, recipients_of
from ..settings import save_settings
from ..tasks import ask_many
from ..texts import PLACEHOLDERS, letter_values, settings_of

MOST_CUSTOMERS = 1000
"""Asked by one press."""
AT_ONCE = 20
"""So many are asked while one waits; more in the background."""
WORK_SHOWN = timedelta(days=1)
LATE = timedelta(seconds=15)
MOST_CODES = 5000
UNSEEN_TOKEN = "*" * 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking one customer."""

    customer: Customer
    trouble: str
    """Why they were not asked; empty: they were."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def ask(request: HttpRequest) -> HttpResponse:
    """The letter to each customer of the license IDs that were ticked, and to whom it goes; then it is sent."""
    user, now = cast(User, request.user), timezone.now()
    on = timezone.localdate(now)
    typed = sent(request, chosen=("license_id", "license_ids"))
    given = request.GET if typed is None else typed
    codes = [*given.getlist("license_id"), *given.get("license_ids", "").split()]
    groups = _groups(user, codes)
    if not groups:
        messages.error(request, _("Tick the license IDs whose quantities the customers shall confirm."))
        return redirect("start")
    if len(groups) > MOST_CUSTOMERS or any(len(group.licenseids) > MOST_LICENSE_IDS for group in groups):
        told = {"customers": MOST_CUSTOMERS, "most": MOST_LICENSE_IDS}
        words = _("At once at most %(customers)s customers are asked, each about %(most)s license IDs. Tick fewer.")
        messages.error(request, words % told)
        return redirect("start")
    licenseids = [one for group in groups for one in group.licenseids]
    asked = {part.licenseid_id for part in open_parts(licenseids, on=on)}
    is_typed = "act" in given and typed is not None
    is_sent = is_typed and request.method == "POST"
    form = AskForm(
        typed if is_typed else None,
        groups=groups,
        settings=settings_of(cast(Reseller, user.reseller)),
        on=on,
    )
    if is_sent and form.is_valid() and request.POST["act"] == "send":
        return _send(request, form, user, now=now)
    context = {
        "form": form,
        "rows": [
            {"group": group, "fields": form.fields_of(group), "asked": [x for x in group.licenseids if x.pk in asked]}
            for group in form.shown
        ],
        "listed": [group for group in groups if group not in form.shown],
        "texts": form.texts_of(),
        "codes": " ".join(one.code for one in licenseids),
        "count": len(groups),
        "placeholders": [(f"{{{name}}}", explained) for name, explained in PLACEHOLDERS.items()],
        "preview": _preview(form, user) if is_sent and not form.errors else None,
    }
    return render(request, "renewals/confirmations/ask.html", context, status=422 if form.errors else 200)


def _groups(user: User, codes: list[str]) -> list[Group]:
    """The license IDs by customer, in the order of the list. Raises Http404 where one is not theirs."""
    wanted = list(dict.fromkeys(code.replace("\x00", "") for code in codes))
    held = Prefetch("holdings", Holding.objects.select_related("product").order_by("support_expires_on", "pk"))
    rows = visible_license_ids(user).filter(code__in=wanted[:MOST_CODES]).select_related("customer__reseller")
    found = {row.code: row for row in rows.prefetch_related(held)}
    if len(found) < min(len(wanted), MOST_CODES):
        raise Http404
    wanted = wanted[:MOST_CODES]
    by_customer: dict[int, list[LicenseID]] = {}
    for code in wanted:
        by_customer.setdefault(found[code].customer_id, []).append(found[code])
    customers = [rows[0].customer for rows in by_customer.values()]
    known = recipients_of(customers, user=user)
    return [Group(customer, by_customer[customer.pk], known[customer.pk]) for customer in customers]


def _preview(form: AskForm, user: User) -> dict[str, Any]:
    """The first letter as it will read."""
    group, first = form.addressed()[0]
    letter = form.letters()[first.language]
    values = letter_values(
        customer=group.customer.name,
        to_name=first.to_name,
        reseller=group.customer.reseller,
        sender=user,
        expiries=[(one.code, next_expiry(one, on=form.on)) for one in group.licenseids],
        open_until=form.cleaned_data["open_until"],
        link=answer_address(UNSEEN_TOKEN),
        language=first.language,
    )
    return {
        "to": first.to,
        "to_name": first.to_name,
        "subject": fill_in(letter.subject, values),
        "body": fill_in(letter.body, values),
        "count": len(form.groups),
    }


def _send(request: HttpRequest, form: AskForm, user: User, *, now: datetime) -> HttpResponse:
    """One customer after the other: what keeps one back keeps back no other. All at the moment of the press: what was
    right then is not refused because midnight has passed.
    """
    settings = settings_of(cast(Reseller, user.reseller))
    outcomes = []
    addressees = form.addressed()
    for _group, addressed in addressees:
        keep_contact(addressed)
    if len(addressees) > AT_ONCE:
        return _send_in_background(form, addressees, user, with_prices=settings.shows_prices, now=now)
    letters = form.letters()
    for group, addressed in addressees:
        customer = group.customer
        trouble = ""
        try:
            operations.ask(
                key=uuid.uuid5(form.cleaned_data["key"], str(customer.pk)),
                licenseids=group.licenseids,
                to=addressed.to,
                to_name=addressed.to_name,
                language=addressed.language,
                letter=letters[addressed.language],
                open_until=form.cleaned_data["open_until"],
                remind_on=form.cleaned_data["remind_on"],
                with_prices=settings.shows_prices,
                by=user,
                make_address=answer_address,
                now=now,
            )
        except AlreadyAsked as already:
            words = _("They can still answer what was asked before about %(codes)s. Withdraw that to ask anew.")
            trouble = words % {"codes": ", ".join(already.codes)}
        except ChangedHands as changed:
            trouble = _("The license ID %(code)s has come to somebody else meanwhile.") % {"code": changed.code}
        except ValidationError as refused:
            trouble = " ".join(refused.messages)
        outcomes.append(Outcome(customer, trouble))
    troubled = [one for one in outcomes if one.trouble]
    if count := len(outcomes) - len(troubled):
        words = ngettext("%(counter)s customer is asked.", "%(counter)s customers are asked.", count)
        messages.success(request, words % {"counter": count})
    for one in troubled:
        messages.error(
            request, _("%(customer)s was not asked. %(why)s") % {"customer": one.customer, "why": one.trouble}
        )
    return redirect("renewals:confirmations")


def _send_in_background(
    form: AskForm, addressees: Sequence[tuple[Group, Addressed]], user: User, *, with_prices: bool, now: datetime
) -> HttpResponse:
    remind_on = form.cleaned_data["remind_on"]
    rows = [
        as_row(
            key=uuid.uuid5(form.cleaned_data["key"], str(one.customer.pk)),
            licenseids=group.licenseids,
            customer=one.customer,
            to=one.to,
            to_name=one.to_name,
            language=one.language,
        )
        for group, one in addressees
    ]
    said = {
        "rows": rows,
        "letters": {language: [one.subject, one.body] for language, one in form.letters().items()},
        "open_until": form.cleaned_data["open_until"].isoformat(),
        "remind_on": remind_on.isoformat() if remind_on else "",
        "with_prices": with_prices,
    }
    start_batch(task=ask_many, parameters=said, by=user, now=now)
    return redirect("renewals:confirmations")


@require_safe
@for_staff
def confirmations(request: HttpRequest) -> HttpResponse:
    """Who was asked, who has answered; the last first."""
    user, on = cast(User, request.user), timezone.localdate()
    rows = (
        with_standing(visible_confirmations(user)).select_related("customer", "asked_by").order_by("-asked_at", "-pk")
    )
    page = page_of(request, rows.prefetch_related("parts__licenseid"))
    now = timezone.now()
    work = last_work(user, since=now - WORK_SHOWN)
    is_late = work is not None and not work.is_finished and not work.done_count and now - work.enqueued_at > LATE
    rows_shown = [(row, standing_word(row, on=on)) for row in page.object_list]
    context = {"page": page, "rows": rows_shown, "work": work, "is_late": is_late}
    return render(request, "renewals/confirmations/list.html", context)


@require_safe
@for_staff
def confirmation(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What was asked of one customer, and all that they answered."""
    user, on = cast(User, request.user), timezone.localdate()
    found = _get(user, key)
    still = asked_license_ids(found)
    codes = dict(found.parts.values_list("licenseid", "licenseid__code"))
    context = {
        "confirmation": found,
        "standing": standing_word(found, on=on),
        "answers": [
            (one, [(codes[part.licenseid], part) for part in from_json(one.needed).parts])
            for one in found.answers.order_by("-at", "-pk")
        ],
        "codes": [codes[pk] for pk in found.parts.order_by("position").values_list("licenseid", flat=True)],
        "may_quote": bool(still) and found.withdrawn_at is None and user.is_reseller_staff,
        "may_withdraw": found.is_open(on) and not found.is_quoted and user.is_reseller_staff,
        "new_key": uuid.uuid4(),
    }
    return render(request, "renewals/confirmations/confirmation.html", context)


def standing_word(row: Any, *, on: Any) -> str:
    """`withdrawn`, `quoted`, `answered`, `past` or `open`; `row`: from `with_standing`."""
    if row.withdrawn_at:
        return "withdrawn"
    if row.is_quoted:
        return "quoted"
    if row.answered_at:
        return "answered"
    return "open" if row.is_open(on) else "past"


@require_POST
@for_makers
def quote(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """「この内容で見積」: a draft of what was answered."""
    user = cast(User, request.user)
    found = _get(user, key)
    try:
        new_key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        new_key = uuid.uuid4()
    try:
        draft = operations.draft_of(confirmation=found, key=new_key, by=user, now=timezone.now())
    except AlreadyIssued as issued:
        return redirect("quotes:detail", key=issued.quote.key)
    except (NotOpen, FormKeyTaken):
        messages.error(request, _("Nothing of it is still to be quoted."))
        return redirect("renewals:confirmation", key=key)
    return redirect("renewals:draft", key=draft.key)


@require_POST
@for_makers
def withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """From now on the customer cannot answer it any more."""
    user = cast(User, request.user)
    if operations.withdraw(confirmation=_get(user, key), by=user, now=timezone.now()):
        messages.success(request, _("The quantity confirmation is withdrawn: its link opens nothing any more."))
    else:
        messages.info(request, _("It was withdrawn before."))
    return redirect("renewals:confirmation", key=key)


def _get(user: User, key: uuid.UUID) -> Any:
    rows = with_standing(visible_confirmations(user)).select_related("customer__reseller", "asked_by", "withdrawn_by")
    return get_object_or_404(rows, key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def settings_page(request: HttpRequest) -> HttpResponse:
    """How the manager's reseller asks its customers."""
    reseller = cast(Reseller, cast(User, request.user).reseller)

    def fill(row: Reseller, data: object = None) -> SettingsForm:
        form = SettingsForm(data, settings=settings_of(row))
        form.row = row
        return form

    def save(form: SettingsForm, look: Look) -> None:
        save_settings(reseller=reseller, values=form.values(), look=look)

    form, is_saved = fill_and_save(request, row=reseller, fill=fill, save=save)
    if is_saved:
        messages.success(request, _("Saved."))
        return redirect("renewals:confirmation-settings")
    context = {
        "form": form,
        "placeholders": [(f"{{{name}}}", explained) for name, explained in PLACEHOLDERS.items()],
    }
    return render(request, "renewals/confirmations/settings.html", context, status=422 if form.errors else 200)

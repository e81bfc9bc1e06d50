"""E-mail to the reseller’s people about what customers did, and to those customers that it has arrived."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from foundation.chat.cards import Notice
from foundation.chat.queue import announce
from foundation.mail.operations.telling import subject_of, tell, tell_all
from licensing.models import User
from licensing.queries import people_in_charge

from ..models import Alternative, Comparison, Quote, QuoteStatus
from ..paper.comparison_wording import name_alternative

KIND = "answer"
ANSWERED, CHOSEN, RECEIVED, CHOICE_RECEIVED = (
    f"quotes/customers/mail/{name}" for name in ("answered", "chosen", "received", "choice_received")
)


def tell_answer(*, quote: Quote, answer: str, by_name: str, message: str, now: datetime) -> None:
    """Queue an e-mail about a customer's answer, in the caller's transaction. Nobody's wrong address keeps it back."""
    context = {
        "quote": quote,
        "answer": answer,
        "by_name": by_name,
        "message": message,
        "url": settings.PUBLIC_URL + reverse("quotes:detail", args=[quote.key]),
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = subject_of(ANSWERED, context)
        if answer == QuoteStatus.Answer.ORDER:
            announce(
                kind="wish",
                reseller=quote.reseller_id,
                key=f"wish:{quote.key}:{now.isoformat()}",
                make=lambda: Notice(subject, [f"{quote.number} {quote.subject}"], str(context["url"]), gettext("Open")),
                prices=[gettext("Total with tax: %(total)s") % {"total": f"¥{quote.total:,}"}],
                now=now,
            )
        tell_all(
            people=people_in_charge(quote.reseller_id, quote.issued_by_id),
            template=ANSWERED,
            subject=subject,
            context=context,
            key=f"{KIND}:{quote.key}:{now.isoformat()}",
            about=f"{KIND}:{quote.pk}",
            now=now,
        )


def tell_choice(*, comparison: Comparison, alternative: Alternative, by_name: str, message: str, now: datetime) -> None:
    """Queue an e-mail about the alternative that a customer chose, likewise, and tell the chat rooms."""
    url = settings.PUBLIC_URL + reverse("quotes:comparison", args=[comparison.key])
    with translation.override(settings.LANGUAGE_CODE):
        plan = _name(alternative, settings.LANGUAGE_CODE)
        context = {
            "comparison": comparison,
            "alternative": alternative,
            "plan": plan,
            "by_name": by_name,
            "message": message,
            "url": url,
        }
        subject = subject_of(CHOSEN, context)
        announce(
            kind="answer",
            reseller=comparison.reseller_id,
            key=f"chosen:{comparison.key}:{now.isoformat()}",
            make=lambda: Notice(subject, [f"{comparison.number} {plan}"], url, gettext("Open")),
            prices=[gettext("Total with tax: %(total)s") % {"total": f"¥{alternative.total:,}"}],
            now=now,
        )
        tell_all(
            people=people_in_charge(comparison.reseller_id, comparison.made_by_id),
            template=CHOSEN,
            subject=subject,
            context=context,
            key=f"{KIND}:{comparison.key}:{now.isoformat()}",
            about=f"{KIND}:{comparison.number}",
            now=now,
        )


def _name(alternative: Alternative, language: str) -> str:
    """What a plan is called, with what it is named by those who made it."""
    name = name_alternative(alternative.position - 1, "en" if language == "en" else "ja")
    return f"{name} {alternative.label}" if alternative.label else name


def confirm_answer(*, quote: Quote, answer: str, message: str, person: User, now: datetime) -> None:
    """Queue an e-mail to the customer's person: the answer has arrived. In the language of the customer's quotes."""
    language = quote.customer.language
    context = {
        "quote": quote,
        "answer": answer,
        "message": message,
        "person": person,
        "issuer": quote.document["issuer"]["name"],
        "url": settings.PUBLIC_URL + reverse("quotes:received-quote", args=[quote.key]),
    }
    _confirm(RECEIVED, context, to=person, language=language, key=quote.key, about=f"{KIND}:{quote.pk}", now=now)


def confirm_choice(
    *, comparison: Comparison, alternative: Alternative, message: str, person: User, now: datetime
) -> None:
    """Queue an e-mail to the customer's person: the choice has arrived, and is no order. Likewise."""
    language = comparison.customer.language
    context = {
        "comparison": comparison,
        "alternative": alternative,
        "plan": _name(alternative, language),
        "message": message,
        "person": person,
        "issuer": comparison.document["issuer"]["name"],
        "url": settings.PUBLIC_URL + reverse("quotes:received-comparison", args=[comparison.key]),
    }
    about = f"{KIND}:{comparison.number}"
    _confirm(CHOICE_RECEIVED, context, to=person, language=language, key=comparison.key, about=about, now=now)


def _confirm(
    template: str, context: dict[str, Any], *, to: User, language: str, key: uuid.UUID, about: str, now: datetime
) -> None:
    with translation.override(language):
        tell(
            person=to,
            template=template,
            subject=subject_of(template, context),
            context=context,
            key=f"{KIND}:{key}:{now.isoformat()}",
            about=about,
            now=now,
        )

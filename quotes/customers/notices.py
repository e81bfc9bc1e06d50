"""E-mail to the reseller's people about what customers did."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from foundation.chat.cards import Notice
from foundation.chat.queue import announce
from foundation.mail.operations.queue import queue_mail
from licensing.models import User
from licensing.models.roles import RESELLER_ROLES, Role

from ..models import Alternative, Comparison, Quote, QuoteStatus
from ..paper.comparison import name_alternative

logger = logging.getLogger(__name__)

KIND = "answer"


def responsible_for(quote: Quote) -> list[User]:
    """Who is told about a quote: who issued it, while they are there; after that the reseller's managers."""
    return _people(quote.reseller_id, quote.issued_by_id)


def _people(reseller: int, first: int) -> list[User]:
    people = User.objects.filter(reseller=reseller, role__in=RESELLER_ROLES, is_active=True)
    return list(people.filter(pk=first)) or list(people.filter(role=Role.MANAGER))


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
        subject = " ".join(render_to_string("quotes/customers/mail/answered_subject.txt", context).split())
        if answer == QuoteStatus.Answer.ORDER:
            announce(
                kind="wish",
                reseller=quote.reseller_id,
                key=f"wish:{quote.key}:{now.isoformat()}",
                make=lambda: Notice(subject, [f"{quote.number} {quote.subject}"], str(context["url"]), gettext("Open")),
                prices=[gettext("Total with tax: %(total)s") % {"total": f"¥{quote.total:,}"}],
                now=now,
            )
        for person in responsible_for(quote):
            try:
                queue_mail(
                    key=f"{KIND}:{quote.key}:{now.isoformat()}:{person.pk}",
                    about=f"{KIND}:{quote.pk}",
                    to=person.email,
                    to_name=person.name,
                    subject=subject,
                    body=render_to_string("quotes/customers/mail/answered.txt", {**context, "person": person}),
                    language=settings.LANGUAGE_CODE,
                    now=now,
                )
            except ValidationError:
                logger.exception("nobody can be told by e-mail of an answer to %s", quote.number)


def tell_choice(*, comparison: Comparison, alternative: Alternative, by_name: str, message: str, now: datetime) -> None:
    """Queue an e-mail about the alternative that a customer chose, likewise, and tell the chat rooms."""
    url = settings.PUBLIC_URL + reverse("quotes:comparison", args=[comparison.key])
    with translation.override(settings.LANGUAGE_CODE):
        plan = name_alternative(alternative.position - 1, "en" if settings.LANGUAGE_CODE == "en" else "ja")
        plan += f" {alternative.label}" if alternative.label else ""
        context = {
            "comparison": comparison,
            "alternative": alternative,
            "plan": plan,
            "by_name": by_name,
            "message": message,
            "url": url,
        }
        subject = " ".join(render_to_string("quotes/customers/mail/chosen_subject.txt", context).split())
        announce(
            kind="answer",
            reseller=comparison.reseller_id,
            key=f"chosen:{comparison.key}:{now.isoformat()}",
            make=lambda: Notice(subject, [f"{comparison.number} {plan}"], url, gettext("Open")),
            prices=[gettext("Total with tax: %(total)s") % {"total": f"¥{alternative.total:,}"}],
            now=now,
        )
        for person in _people(comparison.reseller_id, comparison.made_by_id):
            try:
                queue_mail(
                    key=f"{KIND}:{comparison.key}:{now.isoformat()}:{person.pk}",
                    about=f"{KIND}:{comparison.number}",
                    to=person.email,
                    to_name=person.name,
                    subject=subject,
                    body=render_to_string("quotes/customers/mail/chosen.txt", {**context, "person": person}),
                    language=settings.LANGUAGE_CODE,
                    now=now,
                )
            except ValidationError:
                logger.exception("nobody can be told by e-mail of a choice in %s", comparison.number)


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
    with translation.override(language):
        subject = " ".join(render_to_string("quotes/customers/mail/received_subject.txt", context).split())
        try:
            queue_mail(
                key=f"{KIND}:{quote.key}:{now.isoformat()}:{person.pk}",
                about=f"{KIND}:{quote.pk}",
                to=person.email,
                to_name=person.name,
                subject=subject,
                body=render_to_string("quotes/customers/mail/received.txt", context),
                language=language,
                now=now,
            )
        except ValidationError:
            logger.exception("the customer cannot be told by e-mail of an answer to %s", quote.number)

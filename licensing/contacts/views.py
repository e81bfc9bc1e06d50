"""Add and correct a contact where it stands: on the customer's page, or on the way from a quote's form and back."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from foundation.held import sent
from foundation.versioned_forms import ChangedMeanwhile

from ..models import Contact, Customer, User
from ..queries import visible_contacts, visible_customers
from ..views import for_resellers, read_way_back
from .forms import ContactForm
from .operations import ContactGone, add_contact, change_contact, mark_contact


@require_http_methods(["GET", "HEAD", "POST"])
@for_resellers
def new_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a contact to a customer. `next`: where one came from, and goes back with the new contact chosen."""
    customer = get_object_or_404(visible_customers(_user(request)), pk=pk)
    form = ContactForm(sent(request), language=customer.language)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_contact(customer=customer, values=form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Customer.DoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, _("%(name)s is added.") % {"name": added.name})
            return redirect(_back_with(request, added))
    return _show(request, form, customer, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_resellers
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """A contact, to correct it. One that was removed can be brought back here."""
    found = _get(request, pk)
    form = ContactForm(sent(request), contact=found)
    if request.method == "POST" and form.is_valid():
        look = form.still(lambda row: ContactForm(contact=row))
        try:
            change_contact(contact=found, values=form.cleaned_data, look=look)
        except ValidationError as error:
            form.add_error(None, error)
        except ContactGone:
            found.is_gone = True
            text = _("This contact was removed, so nothing is saved. Bring the contact back first, then save again.")
            form.add_error(None, text)
        except ChangedMeanwhile as changed:
            form = ContactForm(sent(request), contact=changed.row)
        except (Contact.DoesNotExist, Customer.DoesNotExist):
            raise Http404 from None
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
            return redirect(_back_with(request, found))
    return _show(request, form, found.customer, found)


@require_POST
@for_resellers
def remove_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a contact as gone: nothing is addressed to them any more."""
    found = _get(request, pk)
    try:
        mark_contact(contact=found, is_gone=True)
    except (Contact.DoesNotExist, Customer.DoesNotExist):
        raise Http404 from None
    messages.success(request, _("%(name)s is removed. Quotes keep the name.") % {"name": found.name})
    return redirect("customer", pk=found.customer_id)


@require_POST
@for_resellers
def restore_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a contact back."""
    found = _get(request, pk)
    try:
        mark_contact(contact=found, is_gone=False)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return redirect("customer", pk=found.customer_id)
    except (Contact.DoesNotExist, Customer.DoesNotExist):
        raise Http404 from None
    messages.success(request, _("%(name)s is there again.") % {"name": found.name})
    return redirect("contact", pk=pk)


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _get(request: HttpRequest, pk: int) -> Contact:
    return get_object_or_404(visible_contacts(_user(request)).select_related("customer"), pk=pk)


def _back_with(request: HttpRequest, found: Contact) -> str:
    """Where one came from, with the contact as the choice; else the customer's page."""
    back = read_way_back(request)
    query = urlencode({"contact": found.pk})
    return f"{back}?{query}" if back else reverse("customer", args=[found.customer_id]) + "#contacts"


def _show(request: HttpRequest, form: ContactForm, customer: Customer, found: Contact | None) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "customer": customer,
        "contact": found,
        "back": read_way_back(request),
        "on": timezone.localdate(),
    }
    status = 422 if form.errors else 200
    return render(request, "licensing/contacts/contact.html", context, status=status)

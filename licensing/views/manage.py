"""What a reseller's manager looks after: people, customers with their contacts, the own company."""

from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.disk import tell_disk
from foundation.held import sent
from foundation.paging import KeysFirst
from foundation.text.search import search_words
from foundation.versioned_forms import ChangedMeanwhile
from foundation.versions import typed

from ..forms import CompanyForm, CustomerForm, InviteForm, PersonForm, ask_about, read_known
from ..importing import picture_as_data
from ..models import Customer, Reseller, User
from ..models.roles import RESELLER_ROLES, Role
from ..operations.companies import LooksLikeExisting, add_customer, change_customer, change_reseller
from ..operations.invitations import InvitationRefused, invite, renew_invitation, revoke_invitation, shown_link
from ..operations.owners import OwnerRefused, hand_over, owners_of
from ..operations.people import PersonRefused, change_person, deactivate_person, reactivate_person
from ..queries import (
    contact_rows,
    count_customers,
    customers_by_name,
    find_contact,
    invitation_rows,
    managed_invitations,
    managed_people,
    visible_customers,
    with_expiries,
)
from .guards import for_managers, reauthenticate_first
from .owners import read_owner
from .pages import PER_PAGE, explained
from .visitors import is_too_often

MOST_INVITATIONS = "60/h/user"
on_forms = require_http_methods(["GET", "HEAD", "POST"])


# --- People ----------------------------------------------------------------------------------------------------------


@require_safe
@for_managers
def people(request: HttpRequest) -> HttpResponse:
    """The reseller's people, and who is invited."""
    user = _manager(request)
    found = managed_people(user).filter(role__in=RESELLER_ROLES).order_by("-is_active", "role", "name", "pk")
    invitations = managed_invitations(user).filter(customer=None).select_related("invited_by")
    return render(
        request,
        "licensing/manage/people.html",
        {
            "people": found,
            "invitations": invitation_rows(invitations, now=timezone.now()),
        },
    )


@on_forms
@for_managers
@reauthenticate_first
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the reseller's people, or of its customers' contacts: name, role, access."""
    user = _manager(request)
    found = get_object_or_404(managed_people(user).select_related("customer", "reseller"), pk=pk)
    has_role = found.is_reseller_staff and found != user
    fill = partial(PersonForm, has_role=has_role)
    form = fill(sent(request), person=found)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            change_person(
                person=found,
                name=cleaned["name"],
                name_en=cleaned.get("name_en", found.name_en),
                role=cleaned.get("role"),
                may_see_margins=cleaned.get("may_see_margins"),
                by=user,
                now=timezone.now(),
                rights=form.rights(),
                look=form.still(lambda row: fill(person=row)),
            )
        except PersonRefused as refused:
            form.add_error(None, str(refused))
        except ChangedMeanwhile as changed:
            form = fill(sent(request), person=changed.row)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": cleaned["name"]})
            return redirect(_home_of(found))
    context = {
        "person": found,
        "form": form,
        "is_oneself": found == user,
        "owned_count": found.owned_customers.count(),
        "heirs": owners_of(user.reseller).exclude(pk=found.pk),
    }
    return render(request, "licensing/manage/person.html", context, status=_status(form))


@require_POST
@for_managers
@reauthenticate_first
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's access."""
    user = _manager(request)
    found = get_object_or_404(managed_people(user).select_related("customer"), pk=pk)
    try:
        deactivate_person(person=found, by=user, now=timezone.now(), heir=read_owner(request, user))
    except (PersonRefused, OwnerRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s cannot come in any more, from now on.") % {"name": found.name})
    return redirect(_home_of(found))


@require_POST
@for_managers
@reauthenticate_first
def hand_customers_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever leaves, or has left, hands all customers over."""
    user = _manager(request)
    found = get_object_or_404(managed_people(user).filter(role__in=RESELLER_ROLES), pk=pk)
    try:
        heir = read_owner(request, user)
        if heir is None:
            raise OwnerRefused(_("Choose to whom the customers are handed over."))
        count = hand_over(person=found, to=heir, by=user, now=timezone.now())
    except OwnerRefused as refused:
        messages.error(request, str(refused))
    else:
        text = ngettext("%(count)s customer is handed over.", "%(count)s customers are handed over.", count)
        messages.success(request, text % {"count": count})
    return redirect("manage_person", found.pk)


@require_POST
@for_managers
@reauthenticate_first
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in again."""
    user = _manager(request)
    found = get_object_or_404(managed_people(user).select_related("customer"), pk=pk)
    try:
        reactivate_person(person=found, by=user)
    except PersonRefused as refused:
        messages.error(request, str(refused))
    else:
        text = _("%(name)s may come in again, after choosing a new password with “Password forgotten”.")
        messages.success(request, text % {"name": found.name})
    return redirect(_home_of(found))


# --- Invitations -----------------------------------------------------------------------------------------------------


@never_cache
@on_forms
@for_managers
@reauthenticate_first
def invite_person(request: HttpRequest) -> HttpResponse:
    """Invite somebody to the reseller's people."""
    user = _manager(request)
    return _invite(request, user, None, reverse("manage_people"))


@never_cache
@on_forms
@for_managers
@reauthenticate_first
def invite_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite a contact of a customer."""
    user = _manager(request)
    customer = get_object_or_404(visible_customers(user), pk=pk)
    return _invite(request, user, customer, reverse("manage_customer", args=[pk]))


def _invite(request: HttpRequest, user: User, customer: Customer | None, back: str) -> HttpResponse:
    chosen = request.GET.get("contact", "")
    is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 19
    known = find_contact(customer, int(chosen)) if customer and is_number else None
    form = InviteForm(
        sent(request),
        has_role=customer is None,
        language=known.language if known else customer.language if customer else "ja",
        email=known.email if known else "",
        name=known.name if known else "",
    )
    context: dict[str, Any] = {"form": form, "customer": customer, "back": back}
    if request.method == "POST" and form.is_valid():
        if is_too_often(request, action="invite", rate=MOST_INVITATIONS):
            form.add_error(None, _("Too many invitations in an hour. Try again later."))
            return render(request, "licensing/manage/invite.html", context, status=429)
        cleaned = form.cleaned_data
        try:
            invitation, link = invite(
                email=cleaned["email"],
                name=cleaned["name"],
                role=cleaned.get("role", Role.CUSTOMER),
                reseller=None if customer else user.reseller,
                customer=customer,
                language=cleaned["language"],
                by=user,
                now=timezone.now(),
            )
        except InvitationRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            context |= {"invitation": invitation, "link": shown_link(link)}
            return render(request, "licensing/manage/invited.html", context)
    return render(request, "licensing/manage/invite.html", context, status=_status(form))


@never_cache
@require_POST
@for_managers
@reauthenticate_first
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link in place of the old one, mailed again."""
    user = _manager(request)
    found = get_object_or_404(managed_invitations(user).select_related("customer"), pk=pk)
    back = _home_of(found)
    try:
        link = renew_invitation(invitation=found, by=user, now=timezone.now())
    except InvitationRefused as refused:
        messages.error(request, str(refused))
        return redirect(back)
    found.refresh_from_db()
    context = {"invitation": found, "link": shown_link(link), "customer": found.customer, "back": back}
    return render(request, "licensing/manage/invited.html", context)


@require_POST
@for_managers
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The link leads to nothing any more."""
    found = get_object_or_404(managed_invitations(_manager(request)).select_related("customer"), pk=pk)
    try:
        revoke_invitation(invitation=found, now=timezone.now())
    except InvitationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The invitation of %(name)s is revoked.") % {"name": found.name})
    return redirect(_home_of(found))


# --- Customers -------------------------------------------------------------------------------------------------------


@require_safe
@for_managers
def manage_customers(request: HttpRequest) -> HttpResponse:
    """The customers, with how many contacts can log in."""
    user = _manager(request)
    text = request.GET.get("q", "").strip()
    on = timezone.localdate()
    shown = with_expiries(Customer.objects.all(), on=on).annotate(
        contact_count=Count("users", filter=Q(users__is_active=True))
    )
    found = customers_by_name(user, on=on, text=text)
    count = None if search_words(text) else count_customers(user)
    page = KeysFirst(found, PER_PAGE, shown=shown, count=count).get_page(request.GET.get("page"))
    context = {"text": text, "page": page, "rows": explained(page.object_list, user, text)}
    return render(request, "licensing/manage/customers.html", context)


@on_forms
@for_managers
def new_customer(request: HttpRequest) -> HttpResponse:
    """Add a customer of the reseller."""
    user = _manager(request)
    form = CustomerForm(sent(request))
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        known = read_known(request.POST)
        try:
            company = cast(Reseller, user.reseller)
            added = add_customer(reseller=company, values=form.cleaned_data, known=known, owner=user)
        except ValidationError as error:
            form.add_error(None, error)
        except LooksLikeExisting as existing:
            form.add_error(None, ask_about(existing))
            context["look_alikes"] = existing.customers
        else:
            messages.success(request, _("%(name)s is added.") % {"name": added.name})
            return redirect("manage_customer", added.pk)
    return render(request, "licensing/manage/customer.html", context, status=_status(form))


@on_forms
@for_managers
def manage_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer: what is printed on quotes, and the contacts who can log in."""
    user = _manager(request)
    found = visible_customers(user).filter(pk=pk).first()
    if found is None:
        return _gone(request, CustomerForm())
    form = CustomerForm(sent(request), customer=found)
    if request.method == "POST" and form.is_valid():
        try:
            look = form.still(lambda row: CustomerForm(customer=row))
            change_customer(customer=found, values=form.cleaned_data, look=look)
        except ValidationError as error:
            form.add_error(None, error)
        except ChangedMeanwhile as changed:
            form = CustomerForm(sent(request), customer=changed.row)
        except Customer.DoesNotExist:
            return _gone(request, form)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("manage_customer", pk)
    invitations = managed_invitations(user).filter(customer=found).select_related("invited_by")
    context = {
        "form": form,
        "customer": found,
        "contacts": contact_rows(found),
        "people": managed_people(user).filter(customer=found).order_by("-is_active", "name", "pk"),
        "invitations": invitation_rows(invitations, now=timezone.now()),
    }
    return render(request, "licensing/manage/customer.html", context, status=_status(form))


# --- The own company -------------------------------------------------------------------------------------------------


@on_forms
@for_managers
def company(request: HttpRequest) -> HttpResponse:
    """The reseller as it is printed on quotes: contact data, terms, seal and logo."""
    reseller = cast(Reseller, _manager(request).reseller)
    files = request.FILES if request.method == "POST" else None
    form = CompanyForm(sent(request), files, reseller=reseller)
    if request.method == "POST" and form.is_valid():
        try:
            look = form.still(lambda row: CompanyForm(reseller=row))
            change_reseller(reseller=reseller, values=form.cleaned_data, pictures=form.pictures(), look=look)
        except ValidationError as error:
            form.add_error(None, error)
        except OSError as error:  # the disk filled up since the form looked
            text = _("The image cannot be stored on the portal’s disk. %(problem)s Ask whoever operates the portal.")
            form.add_error(None, text % {"problem": tell_disk(error, with_place=False)})
        except ChangedMeanwhile as changed:
            form = CompanyForm(sent(request), files, reseller=changed.row)
        else:
            messages.success(request, _("The company data is saved. Quotes issued from now on show it."))
            return redirect("manage_company")
    pictures = {"seal": picture_as_data(reseller.seal), "logo": picture_as_data(reseller.logo)}
    context = {"form": form, "reseller": reseller, "pictures": pictures}
    return render(request, "licensing/manage/company.html", context, status=_status(form))


# --- Common ----------------------------------------------------------------------------------------------------------


def _manager(request: HttpRequest) -> User:
    return cast(User, request.user)


def _home_of(found: Any) -> str:
    """The list in which a person or an invitation stands."""
    return reverse("manage_customer", args=[found.customer_id]) if found.customer_id else reverse("manage_people")


def _gone(request: HttpRequest, form: forms.Form) -> HttpResponse:
    """Somebody deleted what was to be saved: the page keeps what was typed, to copy it."""
    text = typed(request.POST, form.fields)
    if not text:
        raise Http404
    response = render(request, "licensing/manage/gone.html", {"typed": text}, status=404)
    response.is_own_page = True  # type: ignore[attr-defined]
    return response


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200

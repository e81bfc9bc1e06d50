"""Customers and license IDs that come to somebody else, as the tests of it do that."""

import uuid
from datetime import timedelta

import time_machine

from licensing.models import Contact, Customer, Invitation, LicenseID, User
from renewals.drafts.operations import save_draft
from renewals.transfers.operations import change_reseller_of, merge_customers, move_license_id
from renewals.transfers.queries import effect_of_leaving, effect_of_merging, effect_of_move
from tests.cast import NOW, TODAY
from tests.making import everything_written, fill, load, typed

LATER = NOW + timedelta(hours=1)


def contact_of(customer, name="佐伯 美和", email="saeki@example.jp", **more):
    return Contact.objects.create(customer=customer, name=name, email=email, **more)


def draft_of(cast, *licenseids, contact=None):
    form = fill(licenseids[0], {"contact": str(contact.pk)} if contact else None)
    return save_draft(key=uuid.uuid4(), licenseids=[load(one) for one in licenseids], pricing=None, saved_by=cast.staff,
                      now=NOW, **typed(form))  # fmt: skip


def all_written():
    owned = [list(model.objects.order_by("pk").values()) for model in (Customer, LicenseID, Contact, User, Invitation)]
    return everything_written(), owned


def move(cast, licenseid, to, *closing, by=None, mark=None):
    licenseid = load(licenseid)
    mark = mark or effect_of_move(licenseid, on=TODAY).mark
    keys = [quote.key for quote in closing]
    return move_license_id(licenseid=licenseid, to=to, closing=keys, mark=mark, by=by or cast.manager, now=LATER)


def merge(cast, gone, stays, *, mark=None):
    gone, stays = (Customer.objects.get(pk=one.pk) for one in (gone, stays))
    mark = mark or effect_of_merging(gone, stays).mark
    return merge_customers(gone=gone, stays=stays, mark=mark, by=cast.manager, now=LATER)


def change(cast, customer, to, *, mark=None):
    customer = Customer.objects.get(pk=customer.pk)
    mark = mark or effect_of_leaving(customer, to=to, on=TODAY).mark
    with time_machine.travel(LATER, tick=True):  # what the new reseller sees of the history begins here
        return change_reseller_of(customer=customer, to=to, mark=mark, by=cast.admin, now=LATER)

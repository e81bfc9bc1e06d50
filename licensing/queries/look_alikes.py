"""Customers that a new one looks like."""

from functools import reduce
from operator import or_

from django.db.models import Count, Q

from foundation.text.names import ENGLISH_FORMS, stem_of
from foundation.text.search import search_key

from ..models import Customer, Reseller

MOST_LOOK_ALIKES = 50


def find_look_alikes(*, reseller: Reseller, name: str, kana: str) -> list[Customer]:
    """The reseller's customers with the same name or kana, however they are written, each with `license_id_count`.

    One into which such a customer was merged is such a one. What a company is (㈱, Co., Ltd.) makes no difference; nor
    whether a name in kana stands in the one field or the other.
    """
    stems = {stem for stem in (stem_of(name), search_key(kana)) if stem}
    if not stems:
        return []
    names = {stem + form for stem in stems for form in ("", *ENGLISH_FORMS)}
    same_name = reduce(or_, (Q(search_key__startswith=f"{key} ") for key in sorted(names)))
    same_kana = reduce(or_, (Q(search_key__endswith=f" {key}") for key in sorted(stems)))
    like = Customer.objects.filter(same_name | same_kana, reseller=reseller)
    alike = [each.present_id for each in like.order_by("pk") if stems & {stem_of(each.name), search_key(each.kana)}]
    found = Customer.objects.filter(pk__in=list(dict.fromkeys(alike))[:MOST_LOOK_ALIKES]).annotate(
        license_id_count=Count("license_ids")
    )
    return list(found.order_by("kana", "name", "pk"))

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

    What a company is (㈱, Co., Ltd.) makes no difference; nor whether a name in kana stands in the one field or the
    other.
    """
    stems = {stem for stem in (stem_of(name), search_key(kana)) if stem}
    if not stems:
        return []
    names = {stem + form for stem in stems for form in ("", *ENGLISH_FORMS)}
    same_name = reduce(or_, (Q(search_key__startswith=f"{key} ") for key in sorted(names)))
    same_kana = reduce(or_, (Q(search_key__endswith=f" {key}") for key in sorted(stems)))
    found = Customer.objects.filter(same_name | same_kana, reseller=reseller).order_by("kana", "name", "pk")
    counted = found.annotate(license_id_count=Count("license_ids"))[:MOST_LOOK_ALIKES]
    return [each for each in counted if stems & {stem_of(each.name), search_key(each.kana)}]

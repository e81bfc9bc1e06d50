"""The renewal form over several license IDs: names, what is asked for, and that a draft gives back what was typed."""

import random

import pytest
from django.http import QueryDict
from django.utils import translation

from licensing.models import LicenseID
from renewals.asked import AskedAddition
from renewals.form.forms import RenewalForm, asked_data
from tests.cast import TODAY, Cast, make_license_id
from tests.making import fill, holding_of, load

SEED = 20270115


@pytest.fixture
def three(cast: Cast) -> list[LicenseID]:
    return [
        make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45)),
        make_license_id(cast.customer, "LIC-2", ("SMP-CC", 100), ("SMP-IM", 30)),
        make_license_id(cast.customer, "LIC-3", ("SMP-AO", 20)),
    ]


def form_of(licenseids: list[LicenseID], data: QueryDict | None = None, gone: tuple[str, ...] = ()) -> RenewalForm:
    first, *further = [load(one) for one in licenseids]
    form = RenewalForm(
        data,
        licenseid=first,
        holdings=list(first.holdings.all()),
        further=[(one, list(one.holdings.all())) for one in further],
        on=TODAY,
        gone=gone,
    )
    form.is_valid()
    return form


def changed(form: RenewalForm, **changes: str) -> QueryDict:
    data = form.data.copy()
    for name, text in changes.items():
        data[name] = text
    return data


def test_the_first_has_the_plain_names_and_each_other_its_number_before_them(three):
    _one, two, three_ = three
    form = form_of(three)
    assert form.errors == {}
    sent = {name for name in form.data if "renew-" not in name and "quantity-" not in name}
    assert sent == {
        "key", "subject", "note", "contact", "with",
        "held", "years", f"{two.pk}-held", f"{two.pk}-years", f"{three_.pk}-held", f"{three_.pk}-years",
    }  # fmt: skip
    assert form.data.getlist("with") == ["LIC-2", "LIC-3"]
    assert form.data["subject"] == "ライセンス更新（LIC-1 ほか2件）"
    assert [part.license_id for part in form.to_asked().parts] == ["LIC-1", "LIC-2", "LIC-3"]
    assert form.is_nothing


def test_what_is_typed_reaches_its_own_license_id(three):
    _one, two, _three = three
    form = form_of(three)
    typed = {"years": "2", f"{two.pk}-years": "3", f"{two.pk}-addition-0-product": "SMP-AO"}
    form = form_of(three, changed(form, **typed, **{f"{two.pk}-addition-0-quantity": "5"}))
    first, second, third = form.to_asked().parts
    assert (first.years, second.years, third.years) == (2, 3, 1)
    assert (first.additions, second.additions, third.additions) == ((), (AskedAddition("SMP-AO", 5),), ())
    assert form.row_of("added-0") == (form.parts[1], 0)
    assert (form.key_of(form.parts[1], 0), form.key_of(form.parts[0], 0)) == ("added-0", "")


def test_what_is_left_out_is_not_asked_for_is_not_checked_and_stays_typed(three):
    two = three[1]
    data = changed(form_of(three), **{f"{two.pk}-left_out": "on", f"{two.pk}-years": "nine"})
    form = form_of(three, data)
    assert form.errors == {}
    assert [part.license_id for part in form.to_asked().parts] == ["LIC-1", "LIC-3"]
    again = asked_data(form.to_asked(), form.as_typed(), prefixes=form.prefixes)
    assert (again[f"{two.pk}-left_out"], again[f"{two.pk}-years"]) == ("on", "nine")


def test_the_last_one_cannot_be_left_out(three):
    names = [part.name("left_out") for part in form_of(three).parts]
    with translation.override("en"):
        form = form_of(three, changed(form_of(three), **dict.fromkeys(names, "on")))
        assert form.errors["__all__"] == ["Every license ID is left out. Take at least one into the quote again."]
    assert [part.license_id for part in form.to_asked().parts] == ["LIC-1", "LIC-2", "LIC-3"]


def test_an_error_stands_at_its_own_license_id(three):
    two = three[1]
    form = form_of(three, changed(form_of(three), **{f"{two.pk}-years": "x"}))
    assert [*form.errors] == [f"{two.pk}-years"]
    assert form.part_of(f"{two.pk}-years") is form.parts[1]


@pytest.mark.parametrize("name", ["999-years", "0-years", "years-2", "999-left_out", "01-addition-0-product"])
def test_fields_of_license_ids_that_are_not_in_the_form_are_refused(three, name):
    assert form_of(three, changed(form_of(three), **{name: "1"})).is_forged


def test_one_that_is_gone_is_told_and_its_fields_are_dropped(three):
    data = changed(form_of(three))
    with translation.override("en"):
        form = form_of(three[:2], data, gone=("LIC-3",))
        assert form.errors["__all__"] == [
            "LIC-3 is not among this customer’s license IDs any more, so it is not in this quote."
        ]
    assert not form.is_forged


def test_whatever_was_typed_comes_back_from_a_draft(three):
    """For any entry: a form of what is asked and what was typed besides asks for the same and shows the same."""
    chance = random.Random(SEED)
    texts = ["", "0", "1", "3", "7", "x", "-2", "４", "99"]
    for _round in range(40):
        licenseids = three[: chance.randint(1, 3)]
        data = form_of(licenseids).data.copy()
        names = [name for name in form_of(licenseids).fields if name not in ("key", "held", "license_id")]
        for name in chance.sample(names, 6):
            if "held" in name or "seen" in name or "acknowledge" in name or name in ("page", "shown", "again"):
                continue
            data[name] = chance.choice(texts)
        form = form_of(licenseids, data)
        again = asked_data(form.to_asked(), form.as_typed(), prefixes=form.prefixes)
        again["key"] = data["key"]
        for part in form.parts:
            again[part.name("held")] = part.held_now()
        second = form_of(licenseids, again)
        assert second.to_asked() == form.to_asked(), dict(data.lists())
        assert second.as_typed() == form.as_typed(), dict(data.lists())
        assert {*second.errors} == {*form.errors}, dict(data.lists())


def test_one_form_leaves_nothing_in_the_next(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-CC", 320), ("SMP-CS", 120))
    name = f"quantity-{holding_of(licenseid, 'SMP-CC').pk}"
    changed = fill(licenseid, {"is_reduced": "on", name: "7"})
    assert "changed" in changed.fields[name].widget.attrs["class"].split()
    again = fill(licenseid)
    assert again.fields[name].widget.attrs["class"] == "qty when-reduced"
    assert again.fields[name].widget.attrs["data-held"] == "320"

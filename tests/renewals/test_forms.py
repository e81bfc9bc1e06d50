"""The renewal form: what becomes of every entry."""

import pytest
from django.utils import translation

from pricing.engine.values import TaxRounding
from renewals.asked import Asked, AskedAddition, AskedHolding, AskedPart
from renewals.form.forms import asked_data
from renewals.form.part import MOST_ADDITIONS
from tests.cast import EXPIRY, TODAY, make_license_id
from tests.making import fill, holding_of, part_of


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def errors(form):
    return {name: form.errors[name].as_text().replace("* ", "").split("\n") for name in form.errors}


def codes(form):
    return {name: [error.code for error in found] for name, found in form.errors.as_data().items()}


# --- First opening --------------------------------------------------------------------------------------------------


def test_it_opens_with_one_year_and_everything_that_expires_soon(cast):
    licenseid = make_license_id(
        cast.customer,
        "LIC-1",
        ("SMP-BS", 45, EXPIRY),
        ("SMP-AO", 50, TODAY.replace(month=4, day=15)),
        ("SMP-DS", 10, TODAY.replace(month=4, day=16)),
    )
    form = fill(licenseid)
    soon, on_the_border, later = (holding_of(licenseid, code).pk for code in ("SMP-BS", "SMP-AO", "SMP-DS"))
    assert form.errors == {}
    entry = dict(form.data.lists())
    assert len(entry.pop("key")[0]) == 36
    assert entry == {
        "note": [""],
        "contact": [""],
        "held": [f"{soon}:45 {on_the_border}:50 {later}:10"],
        "years": ["1"],
        f"renew-{soon}": ["on"],
        f"renew-{on_the_border}": ["on"],
        f"quantity-{soon}": ["45"],
        f"quantity-{on_the_border}": ["50"],
        f"quantity-{later}": ["10"],
        "subject": ["ライセンス更新（LIC-1）"],
    }
    assert [choice.renewal_quantity for choice in part_of(form).holdings] == [45, 50, None]


def test_where_nothing_expires_soon_the_first_is_ticked(cast):
    licenseid = make_license_id(
        cast.customer, "LIC-1", ("SMP-BS", 45, EXPIRY.replace(year=2028)), ("SMP-AO", 50, EXPIRY.replace(year=2029))
    )
    assert [choice.renewal_quantity for choice in part_of(fill(licenseid)).holdings] == [45, None]


def test_a_license_id_that_holds_nothing_opens_too(cast):
    form = fill(make_license_id(cast.customer, "LIC-1"))
    assert form.errors == {}
    assert part_of(form).holdings == ()
    assert len(form.parts[0].addition_rows()) == 1


# --- What becomes of an entry ---------------------------------------------------------------------------------------


def test_everything_typed_reaches_the_request(cast, licenseid):
    pk = holding_of(licenseid).pk
    form = fill(
        licenseid,
        {
            "years": "３年",
            "is_reduced": "on",
            f"quantity-{pk}": "　４０本",
            "addition-0-product": "SMP-BS",
            "addition-0-quantity": "1，０００",
            "addition-1-product": "ＳＭＰ－ＡＯ",
            "addition-1-quantity": "5",
            "subject": " 更新の件 ",
            "note": "備考",
            "with_calculation": "on",
            "acknowledge": ["support-expired", "rank-basis-tie"],
        },
    )
    assert form.errors == {}
    assert form.to_asked() == Asked(
        parts=(
            AskedPart(
                license_id="LIC-1001",
                years=3,
                is_reduced=True,
                holdings=(AskedHolding(pk, "SMP-BS", 45, EXPIRY, 40),),
                additions=(AskedAddition("SMP-BS", 1000), AskedAddition("SMP-AO", 5)),
            ),
        ),
        subject="更新の件",
        note="備考",
        with_calculation=True,
        tax_rounding=TaxRounding.DOWN,
    )
    assert form.cleaned_data["acknowledge"] == ["support-expired", "rank-basis-tie"]
    assert sorted(form.products) == ["SMP-AO", "SMP-BS"]


def test_without_reduction_the_quantity_fields_are_closed(cast, licenseid):
    """They are hidden then, so what stands in them can be neither counted nor wrong."""
    pk = holding_of(licenseid).pk
    for typed in ("40", "abc", "", "10" * 30):
        form = fill(licenseid, {f"quantity-{pk}": typed})
        assert form.errors == {}
        assert part_of(form).holdings[0].renewal_quantity == 45
    assert form.as_typed()[f"quantity-{pk}"] == ["10" * 30]


@pytest.mark.parametrize("typed", ["", " ", None])
def test_a_quantity_left_blank_is_asked_for(cast, licenseid, typed):
    name = f"quantity-{holding_of(licenseid).pk}"
    blank = {"is_reduced": "on", name: typed}
    assert fill(licenseid, blank).errors == {name: ["Enter the renewal quantity. 0 discontinues the product."]}
    with translation.override("ja"):
        assert fill(licenseid, blank).errors == {
            name: ["更新数量を入力してください。0にすると、この製品は更新しません。"]
        }
    assert fill(licenseid, blank | {name.replace("quantity", "renew"): None}).errors == {}
    assert fill(licenseid, {name: typed}).errors == {}  # closed without reduced renewal


def test_zero_discontinues(cast, licenseid):
    form = fill(licenseid, {"is_reduced": "on", f"quantity-{holding_of(licenseid).pk}": "０"})
    assert part_of(form).holdings[0].renewal_quantity == 0


def test_each_field_says_what_is_wrong_with_it(cast, licenseid):
    pk = holding_of(licenseid).pk
    form = fill(
        licenseid,
        {
            "key": "not-a-key",
            "years": "三年",
            "is_reduced": "on",
            f"quantity-{pk}": "40.5",
            "addition-0-product": "SMP-XX",
            "addition-0-quantity": "5",
            "addition-1-product": "SMP-AO",
            "addition-1-quantity": "",
            "addition-2-product": "",
            "addition-2-quantity": "7",
            "addition-3-product": "SMP-DS",
            "addition-3-quantity": "0",
            "addition-4-product": "SMP-WM",
            "addition-4-quantity": "10,000,000",
            "addition-5-product": "SMP-SL",
            "addition-5-quantity": "many",
            "subject": "",
            "note": "あ" * 1001,
            "acknowledge": ["all"],
        },
    )
    assert errors(form) == {
        "key": ["Enter a valid UUID."],
        "years": ["“三年” is not a whole number. Write it in digits, like 12."],
        f"quantity-{pk}": ["“40.5” is not a whole number. Write it in digits, like 12."],
        "addition-0-product": ["There is no product “SMP-XX”. Choose one from the list."],
        "addition-1-quantity": ["Enter how many to add, 1 or more."],
        "addition-2-product": ["Choose the product to add."],
        "addition-3-quantity": ["Enter how many to add, 1 or more."],
        "addition-4-quantity": ["At most 9,999,999 can be added at once."],
        "addition-5-quantity": ["“many” is not a whole number. Write it in digits, like 12."],
        "subject": ["Enter the subject of the quote."],
        "note": ["Ensure this value has at most 1000 characters (it has 1001)."],
        "acknowledge": ["Select a valid choice. all is not one of the available choices."],
    }
    assert not form.is_forged


def test_a_field_with_an_error_counts_as_left_alone(cast, licenseid):
    """So that all else is still priced and checked."""
    pk = holding_of(licenseid).pk
    form = fill(licenseid, {"years": "x", "is_reduced": "on", f"quantity-{pk}": "x", "addition-0-quantity": "5"})
    part = part_of(form)
    assert (part.years, part.holdings[0].renewal_quantity, part.additions) == (1, 45, ())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("subject", "あ" * 101),
        ("note", "あ" * 1001),
        ("years", "1" * 41),
        ("addition-0-product", "S" * 41),
        ("addition-0-quantity", "1" * 41),
        ("held", "1" * 20_001),
    ],
)
def test_what_is_too_long(cast, licenseid, name, value):
    form = fill(licenseid, {name: value})
    assert "max_length" in codes(form)[name]


@pytest.mark.parametrize("text", ["あ" * 100, "🍣" * 100])
def test_the_longest_subject(cast, licenseid, text):
    assert fill(licenseid, {"subject": text}).errors == {}


@pytest.mark.parametrize("name", ["subject", "note", "years", "addition-0-product", "addition-0-quantity", "held"])
def test_null_characters_are_refused(cast, licenseid, name):
    form = fill(licenseid, {name: "1\x002"})
    assert "null_characters_not_allowed" in codes(form)[name]
    assert form.is_forged
    assert "\x00" not in str(form.as_typed()) + str(form.to_asked())


# --- Forged ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "renew-999999", "quantity-999999", "renew-", "renew-1 ", "quantity-１", "total", "reseller", "issued_by",
        "addition-0-price", "addition-20-product", "addition-99-quantity", "addition-100-product", 
        "addition--1-product", "", "years[]", "__proto__",
    ],
)  # fmt: skip
def test_fields_that_the_form_does_not_have(cast, licenseid, name):
    form = fill(licenseid, {name: "1"})
    assert form.is_forged
    assert errors(form)["__all__"] == [f"The entry “{name}” does not belong to this form. Open the license ID again."]
    assert name not in form.as_typed()


def test_another_license_ids_holding(cast, licenseid):
    other = make_license_id(cast.customer, "LIC-2", ("SMP-BS", 500))
    foreign = holding_of(other).pk
    form = fill(licenseid, {f"renew-{foreign}": "on", f"quantity-{foreign}": "500", "is_reduced": "on"})
    assert list(form.errors) == ["__all__"]
    assert sorted(errors(form)["__all__"]) == [
        f"The entry “quantity-{foreign}” does not belong to this form. Open the license ID again.",
        f"The entry “renew-{foreign}” does not belong to this form. Open the license ID again.",
    ]
    assert [row.quantity for row in part_of(form).holdings] == [45]


@pytest.mark.parametrize("name", ["years", "subject", "key", "held", "is_reduced", "seen_total", "addition-0-product"])
def test_fields_sent_twice(cast, licenseid, name):
    form = fill(licenseid, {name: ["1", "2"]})
    assert form.is_forged
    assert "This was sent more than once with different entries. Enter it once." in errors(form)[name]


def test_warnings_may_be_ticked_together(cast, licenseid):
    form = fill(licenseid, {"acknowledge": ["support-expired", "mixed-programmes"]})
    assert form.errors == {}


# --- Additions ------------------------------------------------------------------------------------------------------


def test_there_are_as_many_rows_as_were_sent(cast, licenseid):
    form = fill(licenseid, {"addition-6-product": "SMP-AO", "addition-6-quantity": "1"})
    assert [row.index for row in form.parts[0].addition_rows()] == [0, 1, 2, 3, 4, 5, 6]
    assert part_of(form).additions == (AskedAddition("SMP-AO", 1),)
    [part] = form.parts
    assert (form.key_of(part, 6), form.key_of(part, 0), form.row_of("added-0")) == ("added-0", "", (part, 6))


def test_there_are_never_more_than_twenty(cast, licenseid):
    rows = {f"addition-{n}-product": "SMP-AO" for n in range(25)} | {f"addition-{n}-quantity": "1" for n in range(25)}
    form = fill(licenseid, rows)
    assert len(form.parts[0].addition_rows()) == MOST_ADDITIONS == 20
    assert len(form.errors["__all__"]) == 10
    assert form.is_forged


# --- Holdings that changed meanwhile --------------------------------------------------------------------------------

CHANGED = (
    "The holdings of this license ID have changed since this page was opened. Check the quantities below and try again."
)


def test_a_held_quantity_that_changed_is_noticed(cast, licenseid):
    opened = fill(licenseid).data
    licenseid.holdings.update(quantity=44)
    form = fill(licenseid, dict(opened.lists()))
    assert errors(form) == {"__all__": [CHANGED]}
    assert not form.is_forged


def test_a_holding_that_came_is_noticed(cast, licenseid):
    opened = fill(licenseid).data
    licenseid.holdings.create(product=cast.products["SMP-AO"], quantity=5, support_expires_on=EXPIRY)
    assert CHANGED in errors(fill(licenseid, dict(opened.lists())))["__all__"]


def test_a_holding_that_went_is_noticed(cast):
    licenseid = make_license_id(cast.customer, "LIC-1", ("SMP-BS", 45), ("SMP-AO", 50))
    gone = holding_of(licenseid, "SMP-AO")
    opened = fill(licenseid).data
    gone.delete()
    assert CHANGED in errors(fill(licenseid, dict(opened.lists())))["__all__"]


# --- Stored entries -------------------------------------------------------------------------------------------------


def test_a_stored_entry_is_the_same_form_again(cast, licenseid):
    form = fill(licenseid, {"note": "二行\nです", "addition-0-product": "SMP-AO", "addition-0-quantity": "１０"})
    again = asked_data(form.to_asked(), form.as_typed())
    assert {name: texts for name, texts in again.lists() if any(texts)} == {
        name: texts for name, texts in form.data.lists() if any(texts) and name not in {"key", "held"}
    }

"""Fields of a form that stays open: what is said at them, what stands in them, and how they are drawn."""

from django import forms

from foundation.live_fields import LiveForm, LongSelect, Radios, SwappedInput, Ticks


class Order(LiveForm):
    pieces = forms.IntegerField(required=False, help_text="whole boxes", widget=forms.TextInput)
    box = forms.CharField(
        required=False, widget=LongSelect(choices=[("", "–"), ("Wood", [("a&b", "<A>"), ("c", "C")])])
    )
    years = forms.IntegerField(required=False, widget=Radios(choices=[(1, "one"), (2, "two"), (3, "three")]))
    read = forms.MultipleChoiceField(required=False, widget=Ticks, choices=[("price", "price"), ("term", "term")])
    seen = forms.IntegerField(required=False, widget=SwappedInput)


def test_what_a_calculation_says_is_drawn_at_its_field_and_makes_nothing_invalid():
    form = Order({"pieces": "5"})
    form.said = {"pieces": ["Only 4 are left."]}
    assert form.is_valid()
    assert [*form["pieces"].errors] == ["Only 4 are left."]
    assert str(form["pieces"]) == (
        '<input type="text" name="pieces" value="5" aria-invalid="true" '
        'aria-describedby="id_pieces_helptext id_pieces_error" id="id_pieces">'
    )
    wrong = Order({"pieces": "many"})
    wrong.said = {"pieces": ["Only 4 are left."]}
    assert [*wrong["pieces"].errors] == ["整数を入力してください。", "Only 4 are left."]


def test_a_field_has_its_place_before_anything_is_said():
    form = Order({})
    assert [field.error_place for field in form.live_fields()] == [
        "id_pieces_error",
        "id_box_error",
        "id_years_error",
        "id_read_error",
    ]
    assert 'aria-describedby="id_box_error"' in str(form["box"])
    assert "aria-invalid" not in str(form["box"])


def test_what_stands_in_a_field_is_not_always_what_was_sent():
    form = Order({"years": "２", "seen": "7"})
    form.standing = {"years": 2, "seen": 9}
    assert [choice.data["selected"] for choice in form["years"]] == [False, True, False]
    assert str(form["seen"]) == '<input type="hidden" name="seen" value="9">'


def test_choices_are_named_by_their_values_and_close_but_for_the_chosen_one():
    form = Order({"years": "2", "read": ["term"]})
    form.said = {"years": ["Two at most."]}
    form.fields["years"].widget.closed = range(2, 4)
    assert [str(choice.tag()) for choice in form["years"]] == [
        '<input type="radio" name="years" value="1" id="id_years_1">',
        '<input type="radio" name="years" value="2" id="id_years_2" checked>',
        '<input type="radio" name="years" value="3" id="id_years_3" disabled>',
    ]
    assert [choice.id_for_label for choice in form["read"]] == ["id_read_price", "id_read_term"]


def test_a_long_list_is_written_safely():
    assert str(Order({"box": "a&b"})["box"]) == (
        '<select aria-describedby="id_box_error" id="id_box" name="box"><option value="">–</option>'
        '<optgroup label="Wood"><option value="a&amp;b" selected>&lt;A&gt;</option><option value="c">C</option>'
        "</optgroup></select>"
    )

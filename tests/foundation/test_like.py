"""A field like another is one of its own."""

from django import forms

from foundation.fields import WholeNumberField, like
from foundation.live_fields import LongSelect


def test_what_is_changed_of_it_is_not_changed_of_the_other():
    kind = WholeNumberField(max_value=9, widget=forms.TextInput(attrs={"class": "qty"}))
    one, two = like(kind, "one", {"data-held": "7"}), like(kind, "two")
    one.widget.attrs["class"] += " changed"
    one.error_messages["required"] = "else"
    one.validators.append(str)
    one.required = True
    assert (one.label, two.label, kind.label) == ("one", "two", None)
    assert one.widget.attrs == {"class": "qty changed", "data-held": "7"}
    assert two.widget.attrs == kind.widget.attrs == {"class": "qty"}
    assert two.error_messages == kind.error_messages != one.error_messages
    assert len(two.validators) == len(kind.validators) == len(one.validators) - 1
    assert two.clean("９") == 9


def test_a_list_of_choices_is_its_own():
    kind = forms.CharField(widget=LongSelect())
    one, two = like(kind, "one"), like(kind, "two")
    one.widget.choices = [("a", "A")]
    assert ([*two.widget.choices], [*kind.widget.choices]) == ([], [])

"""A field is drawn in one place: label, what may be left out, help and errors, joined for screen readers."""

from django import forms
from django.template import Context, Template
from django.utils.translation import override

from tests.html import tight


class Sample(forms.Form):
    name = forms.CharField(label="Name <1>", help_text="As on <b>paper</b>.")
    note = forms.CharField(label="Note", required=False)
    agreed = forms.BooleanField(label="Agreed", required=False)
    way = forms.ChoiceField(
        label="Way", choices=[("a", "By air"), ("s", "By sea")], widget=forms.RadioSelect, help_text="One of them."
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class Search(Sample):
    marks_optional = False


def draw(form: forms.Form, name: str, pack: str = "") -> str:
    chosen = f':"{pack}"' if pack else ""
    template = Template(f"{{% load crispy_forms_tags %}}{{{{ form.{name}|as_crispy_field{chosen} }}}}")
    with override("en"):
        return tight(template.render(Context({"form": form})))


def test_help_and_errors_are_joined_to_the_field_and_escaped():
    assert draw(Sample({"way": "a"}), "name") == (
        '<div class="field"><label for="id_name">Name &lt;1&gt;</label>'
        '<input type="text" name="name" required aria-invalid="true" aria-describedby="id_name_helptext id_name_error"'
        ' id="id_name">'
        '<div class="help" id="id_name_helptext">As on &lt;b&gt;paper&lt;/b&gt;.</div>'
        '<div id="id_name_error"><p class="field-error">This field is required.</p></div></div>'
    )


def test_a_label_says_what_may_be_left_out_unless_the_form_does():
    optional = '<label for="id_note">Note<span class="small soft">(optional)</span></label>'
    assert optional in draw(Sample(), "note")
    assert "(optional)" not in draw(Sample(), "name") + draw(Sample(), "agreed") + draw(Search(), "note")


def test_a_tick_stands_before_its_label_and_choices_in_a_group():
    assert draw(Sample(), "agreed").startswith(
        '<div class="field"><label class="check" for="id_agreed"><input type="checkbox" name="agreed" id="id_agreed">'
        "<span>Agreed</span></label>"
    )
    assert draw(Sample({"name": "x"}), "way").startswith(
        '<fieldset class="field" aria-describedby="id_way_helptext id_way_error"><legend>Way</legend>'
    )


def test_what_is_hidden_has_no_words():
    assert draw(Sample(), "key") == '<input type="hidden" name="key" id="id_key">'


def test_in_the_administration_a_field_looks_like_the_others_there():
    drawn = draw(Sample({"way": "a"}), "name", "administration")
    assert drawn.startswith('<div class="form-row field-name errors"><div><ul class="errorlist" id="id_name_error">')
    assert '<div class="flex-container"><label for="id_name">Name &lt;1&gt;:</label><input' in drawn

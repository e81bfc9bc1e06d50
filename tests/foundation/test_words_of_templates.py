"""`translate` writes what Django's writes, in the language of each page, also when it wrote in another before."""

import pytest
from django.template import Context, Engine, Template, engines
from django.template.base import TemplateSyntaxError
from django.utils.translation import override

from foundation.templatetags.i18n import KeptWords

WRITTEN = (
    '{% translate "Customer" %}',
    '{% trans "Customer" %}',
    '{% translate "Now" context "a text of a quote" %}',
    '{% translate "no words of the catalogue & <b>" %}',
    '{% translate "100 %% of it" %}',
    '{% translate "Customer" noop %}',
    '{% translate "Customer" as said %}[{{ said }}]',
    '{% translate "Customer"|upper %}',
    "{% translate word %}",
    '{% translate "Now" context beside %}',
    '{% autoescape off %}{% translate "Customer" %}{% translate word %}{% endautoescape %}',
)


@pytest.mark.parametrize("written", WRITTEN)
def test_it_is_what_django_writes(written):
    text = "{% load i18n %}" + written
    own, djangos = Template(text), Engine(libraries={"i18n": "django.templatetags.i18n"}).from_string(text)
    for language in ("ja", "en", "ja"):
        with override(language):
            for word, beside in (("Customer", "a text of a quote"), ("<i>Holdings</i>", "else"), ("Customer", "else")):
                context = {"word": word, "beside": beside}
                assert own.render(Context(context)) == djangos.render(Context(context))


def test_only_words_of_the_template_are_kept():
    kept = [bool(Template("{% load i18n %}" + one).nodelist.get_nodes_by_type(KeptWords)) for one in WRITTEN]
    assert kept == [True, True, True, True, True, True, False, False, False, False, True]


def test_words_are_looked_up_once_for_each_language():
    template = Template('{% load i18n %}{% for one in "123" %}{% translate "Customer" %} {% endfor %}')
    for language, said in (("ja", "お客様"), ("en", "Customer"), ("ja", "お客様")):
        with override(language):
            assert template.render(Context()) == f"{said} " * 3
    [node] = template.nodelist.get_nodes_by_type(KeptWords)
    assert node.written == {("ja", True): "お客様", ("en", True): "Customer"}


def test_what_is_wrong_is_refused_as_before():
    with pytest.raises(TemplateSyntaxError, match="at least one argument"):
        Template("{% load i18n %}{% translate %}")


def test_no_other_library_stands_in_for_another():
    """The check that would say so is silenced for this one."""
    [said] = [one for one in engines["django"].check() if one.id == "templates.W003"]
    assert "'i18n' is used for multiple template tag modules" in said.msg

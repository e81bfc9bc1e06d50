"""How one stands on quotes and under letters: everybody's own page among a reseller's people."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.held import sent
from foundation.versioned_forms import ChangedMeanwhile

from ..forms import OwnWordsForm
from ..models import User
from ..operations.people import change_own_words
from .guards import for_resellers


@require_http_methods(["GET", "HEAD", "POST"])
@for_resellers
def own_words(request: HttpRequest) -> HttpResponse:
    """Department, title, telephone and e-mail as they are printed, and the signature of e-mails."""
    user = cast(User, request.user)
    form = OwnWordsForm(sent(request), person=user)
    if request.method == "POST" and form.is_valid():
        try:
            look = form.still(lambda row: OwnWordsForm(person=row))
            change_own_words(person=user, values=form.cleaned_data, look=look)
        except ChangedMeanwhile as changed:
            form = OwnWordsForm(sent(request), person=changed.row)
        else:
            messages.success(request, _("Saved. Quotes issued from now on and letters sent from now on show it."))
            return redirect("own_words")
    context = {"form": form, "person": user}
    return render(request, "licensing/own_words.html", context, status=422 if form.errors else 200)

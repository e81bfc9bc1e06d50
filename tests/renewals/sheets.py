"""What the renewal form answers, without a page around it: the form is filled in, priced and laid out.

It says what `tests.page.Page` says of the page that shows it; that the page does so is tested once for each kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from licensing.models import LicenseID, User
from renewals.drafts.operations import save_draft
from renewals.form.forms import RenewalForm
from renewals.form.views.opened import price_form, typed_values
from renewals.form.views.sheet import Sheet, lay_out
from renewals.models import QuoteDraft
from tests.cast import NOW
from tests.making import fill


@dataclass
class Answer:
    """The form as it would be shown in English."""

    form: RenewalForm
    sheet: Sheet
    refusals: list[tuple[str, str]]
    """Code and words of each thing that is wrong."""
    _errors: dict[str, list[str]]

    @property
    def codes(self) -> list[str]:
        return [code for code, _said in self.refusals]

    @property
    def total(self) -> str:
        return "–" if self.sheet.total is None else f"¥{self.sheet.total:,}"

    def errors_of(self, name: str) -> list[str]:
        """What is said below a field or the fields of a row, as `Page.errors_of`."""
        fields = (name, f"renew-{name}", f"quantity-{name}", f"{name}-product", f"{name}-quantity")
        return [said for field in fields for said in self._errors.get(field, [])]

    def stands(self, name: str) -> Any:
        """What stands in a field, as it would be sent again."""
        return self.form[name].value()


def answer(licenseid: LicenseID, changes: Mapping[str, Any], *, by: User) -> Answer:
    """What is answered to the form as it opens, with these changes (see `fill`)."""
    with translation.override("en"):
        form = fill(licenseid, changes)
        sheet = lay_out(form=form, calculation=price_form(form), user=by)
        refusals = [
            (said.code, " ".join(filter(None, (said.license_id, said.what, str(said.what_to_do)))))
            for said in sheet.refusals
        ]
        errors = {name: [str(said) for said in form[name].errors] for name in form.fields}
    return Answer(form, sheet, refusals, errors)


def refused(licenseid: LicenseID, changes: Mapping[str, Any], *, by: User) -> Answer:
    """The same; it cannot be issued."""
    found = answer(licenseid, changes, by=by)
    assert found.refusals
    assert not found.form.is_valid() or found.sheet.calculation.pricing.is_refused
    return found


def saved(
    licenseid: LicenseID, changes: Mapping[str, Any] | None = None, *, by: User, now: datetime = NOW
) -> QuoteDraft:
    """The draft that the form's button saves; `key` and `seen_version` among the changes save an open one again."""
    form = fill(licenseid, changes, on=timezone.localdate(now))
    typed = typed_values(form, price_form(form), by=by)
    return save_draft(key=form.cleaned_data["key"], licenseids=[licenseid], saved_by=by, now=now, **typed)

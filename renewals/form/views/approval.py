"""What the form says of approval (R20): whether it is needed, why, and how it stands. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from foundation.text.keys import read_key
from licensing.models import User

from ...calculation.calculate import Calculation
from ...issue.approved import counts, judge, requests_of, what_changed
from ...issue.operations import Priced, build_offer
from ...issue.thresholds import passed_thresholds, say_passed
from ...models import ApprovalRequest, QuoteDraft
from ...refusals import CannotBePrinted, ContactGone
from ..forms import RenewalForm

State = ApprovalRequest.State


@dataclass(frozen=True)
class ApprovalView:
    """A quote above the reseller's thresholds."""

    reasons: Sequence[str]
    """Which thresholds it passes, in sentences."""
    request: ApprovalRequest | None
    """The last time that it was asked for; None: never."""
    is_same: bool = False
    """Whether that asked for just what stands in the form."""
    is_approved: bool = False
    """Whether just this was approved: it can be issued."""
    changes: Sequence[str] = ()
    """What is different from what was approved."""

    @property
    def is_waiting(self) -> bool:
        return self.request is not None and self.is_same and self.request.state == State.WAITING

    @property
    def asks(self) -> bool:
        """Whether the button asks for approval."""
        return not (self.is_approved or self.is_waiting)

    @property
    def sent_back(self) -> ApprovalRequest | None:
        """The request whose answer stands below the reasons."""
        return self.request if self.request and self.request.state == State.SENT_BACK else None


def lay_out_approval(*, form: RenewalForm, calculation: Calculation, user: User) -> ApprovalView | None:
    """None where no threshold is passed. The form was cleaned and priced. One query where one is, two more where it
    was asked for before.
    """
    passed = passed_thresholds(form.licenseid.customer.reseller, calculation.pricing)
    if not passed:
        return None
    reasons = [say_passed(one, with_margins=user.sees_margins) for one in passed]
    key = read_key(form.data.get("key", ""))
    rounds = requests_of([key]).get(key, []) if key else []
    if not rounds:
        return ApprovalView(reasons, None)
    return _beside(rounds[-1], reasons, form, calculation, user)


def _beside(
    request: ApprovalRequest,
    reasons: Sequence[str],
    form: RenewalForm,
    calculation: Calculation,
    user: User,
) -> ApprovalView:
    draft = QuoteDraft.objects.select_related("basis").filter(key=request.key).first()
    revises = draft.basis if draft and draft.is_revision else None
    licenseids = [part.licenseid for part in form.quoted]
    products = {row.code: row for row in form.products.values()}
    priced = Priced(request.key, licenseids, form.to_asked(), products, calculation, revises)
    try:
        offer = build_offer(priced, by=user, now=timezone.now())
    except (CannotBePrinted, ContactGone):  # said elsewhere on the page
        return ApprovalView(reasons, request)
    judged = judge(offer, calculation.pricing)
    is_same = judged.content == request.content_hash
    is_approved = counts(request, judged)
    is_past = request.state == State.APPROVED and not is_approved
    return ApprovalView(reasons, request, is_same, is_approved, what_changed(request, judged) if is_past else ())

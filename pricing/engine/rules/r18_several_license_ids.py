"""R18: several license IDs in one quote. Each is priced by itself (R16); only the sums are taken over all of them."""

from ..step import StepKind
from ..wording import Rule, both
from .r10_renewal_amount import R10

R18 = Rule("R18", both("Several license IDs in one quote", "複数ライセンスIDの見積"))

PART_SUBTOTAL = StepKind(
    R10,
    "part-subtotal",
    both("Sum of the lines of {request.license_id}, tax excluded", "{request.license_id} の明細の合計（税抜）"),
    result="{subtotal:yen}",
)
PART = StepKind(
    R18,
    "parts",
    both("{request.license_id}, calculated by itself", "{request.license_id}（単独で計算）"),
    result="{subtotal:yen}",
)
SUBTOTAL_OF_PARTS = StepKind(
    R18,
    "subtotal-of-parts",
    both("Sum of {license_ids} license IDs, tax excluded", "{license_ids}件のライセンスIDの合計（税抜）"),
    result="{parts_subtotal:yen}",
)

"""What the database itself refuses: to change, delete or empty what was issued, and to lose what stands beside it.

How that is watched over: `foundation.integrity`.
"""

from foundation.integrity import Refusal, refuse_always

_BESIDE = "what stands beside issued quotes is never deleted or turned back"

_NEVER_CHANGED = (
    "quotes_quote",
    "quotes_quotepart",
    "quotes_quotedholding",
    "quotes_quoteline",
    "quotes_quotedocument",
    "quotes_quotemargin",
    "quotes_orderfile",
    "quotes_acknowledgement",
    "quotes_comparison",
    "quotes_comparedlicenseid",
    "quotes_alternative",
    "quotes_quoteorigin",
    "quotes_quoteevent",
)
_TURNED_BACK = {
    # table: what no update may do
    "quotes_quotestatus": "NEW.quote_id <> OLD.quote_id OR NEW.reseller_id <> OLD.reseller_id "
    "OR NEW.month <> OLD.month OR NEW.sequence <> OLD.sequence "
    "OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')",
    "quotes_comparisonstatus": "NEW.comparison_id <> OLD.comparison_id OR NEW.reseller_id <> OLD.reseller_id "
    "OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL)",
    "quotes_sharelink": "NEW.id <> OLD.id OR COALESCE(NEW.quote_id, 0) <> COALESCE(OLD.quote_id, 0) "
    "OR COALESCE(NEW.comparison_id, 0) <> COALESCE(OLD.comparison_id, 0) OR NEW.created_at <> OLD.created_at",
    "quotes_eventchain": "NEW.reseller_id <> OLD.reseller_id OR NEW.last_position <> OLD.last_position + 1",
    "quotes_comparisonnumber": "NEW.reseller_id <> OLD.reseller_id OR NEW.month <> OLD.month OR NEW.last < OLD.last",
    "quotes_quotenumber": "NEW.reseller_id <> OLD.reseller_id OR NEW.month <> OLD.month OR NEW.last < OLD.last",
}

REFUSALS = [
    *(
        refusal
        for table in _NEVER_CHANGED
        for refusal in refuse_always(table, "issued quotes are never changed or deleted")
    ),
    *(
        Refusal(table, action, _BESIDE, backwards if action == "UPDATE" else "")
        for table, backwards in _TURNED_BACK.items()
        for action in ("UPDATE", "DELETE", "TRUNCATE")
    ),
]

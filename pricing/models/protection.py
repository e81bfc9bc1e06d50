"""What the database itself refuses: to change or delete what was published or accepted, and what was done with it.

How that is watched over: `foundation.integrity`.
"""

from foundation.integrity import Refusal, refuse_always

_FROZEN = "a published price list is never changed or deleted"
_ACCEPTED = "what was accepted is never changed or deleted"
_RATE = "a tax rate is never changed or deleted, only withdrawn before its first day"

# A published list may become a draft again, before its day and as a whole: nothing else changes with it.
_LIST_WITHDRAWN = (
    "NEW.published_at IS NULL AND NEW.published_by_id IS NULL AND NEW.withdrawn_on < OLD.effective_on "
    "AND NEW.id = OLD.id AND NEW.name = OLD.name AND NEW.name_en = OLD.name_en "
    "AND NEW.effective_on = OLD.effective_on"
)
_RATE_WITHDRAWN = (
    "OLD.withdrawn_on IS NULL AND NEW.withdrawn_on < OLD.effective_on AND NEW.id = OLD.id "
    "AND NEW.category = OLD.category AND NEW.percent = OLD.percent AND NEW.effective_on = OLD.effective_on"
)
_PUBLISHED = "EXISTS (SELECT 1 FROM pricing_pricelist WHERE published_at IS NOT NULL AND id = {number})"
_PARTS = {
    # table: the number of its price list
    "pricing_pricetable": "{row}.price_list_id",
    "pricing_pricerank": "(SELECT price_list_id FROM pricing_pricetable WHERE id = {row}.price_table_id)",
    "pricing_multiyeardiscount": "(SELECT price_list_id FROM pricing_pricetable WHERE id = {row}.price_table_id)",
    "pricing_endofsale": "{row}.price_list_id",
}


def _parts_refused() -> list[Refusal]:
    """Nothing is added to a published list, changed in it or taken from it."""
    found = []
    for table, number in _PARTS.items():
        for action, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
            published = [_PUBLISHED.replace("{number}", number.format(row=row)) for row in rows]
            found.append(Refusal(table, action, _FROZEN, " OR ".join(published)))
        found.append(Refusal(table, "TRUNCATE", _FROZEN))
    return found


_LIST_CHANGED = f"OLD.published_at IS NOT NULL AND NOT COALESCE({_LIST_WITHDRAWN}, FALSE)"

REFUSALS = [
    Refusal("pricing_pricelist", "UPDATE", _FROZEN, _LIST_CHANGED),
    Refusal("pricing_pricelist", "DELETE", _FROZEN, "OLD.published_at IS NOT NULL"),
    Refusal("pricing_pricelist", "TRUNCATE", _FROZEN),
    *_parts_refused(),
    *refuse_always("pricing_pricelistevent", "what was done with a price list is never changed or deleted"),
    *refuse_always("pricing_goldenacceptance", _ACCEPTED),
    *refuse_always("pricing_goldenchange", _ACCEPTED),
    *refuse_always("pricing_historicalcostrate", "the history is never changed or deleted"),
    Refusal("pricing_taxrate", "INSERT", _RATE, "NEW.withdrawn_on IS NOT NULL"),
    Refusal("pricing_taxrate", "UPDATE", _RATE, f"NOT COALESCE({_RATE_WITHDRAWN}, FALSE)"),
    Refusal("pricing_taxrate", "DELETE", _RATE),
    Refusal("pricing_taxrate", "TRUNCATE", _RATE),
]

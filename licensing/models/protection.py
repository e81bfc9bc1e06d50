"""What the database itself refuses: to change or delete the history, and an owner of a customer from elsewhere.

How that is watched over: `foundation.integrity`.
"""

from foundation.integrity import Refusal, refuse_always

_MODELS = ("programme", "reseller", "customer", "product", "licenseid", "holding", "user", "contact")

_OWNER = "the owner of a customer is one of the people of its reseller"
_ALIEN = (
    "NEW.owner_id IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM licensing_user WHERE id = NEW.owner_id AND reseller_id = NEW.reseller_id)"
)
_LEAVES = (
    "COALESCE(NEW.reseller_id, 0) <> COALESCE(OLD.reseller_id, 0) "
    "AND EXISTS (SELECT 1 FROM licensing_customer WHERE owner_id = OLD.id)"
)

REFUSALS = [
    Refusal("licensing_customer", "INSERT", _OWNER, _ALIEN),
    Refusal("licensing_customer", "UPDATE", _OWNER, _ALIEN),
    Refusal("licensing_user", "UPDATE", _OWNER, _LEAVES),
    *(
        refusal
        for model in _MODELS
        for refusal in refuse_always(f"licensing_historical{model}", "the history is never changed or deleted")
    ),
]

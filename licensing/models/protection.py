"""What the database itself refuses: to change or delete the history.

How that is watched over: `foundation.integrity`.
"""

from foundation.integrity import refuse_always

_MODELS = ("programme", "reseller", "customer", "product", "licenseid", "holding", "user", "contact")

REFUSALS = [
    refusal
    for model in _MODELS
    for refusal in refuse_always(f"licensing_historical{model}", "the history is never changed or deleted")
]

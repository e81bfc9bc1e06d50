"""What the database itself notes for the renewal desk: which license IDs are to be looked at again (`DeskMark`); and
what it refuses: to change what was asked for approval, or an answer to it.

However something is changed (page, administration, list, SQL), it is noted in the same transaction.
"""

from collections.abc import Sequence

from foundation.integrity import Note, Refusal

_MARK = "renewals_deskmark"
_BOTH = ("licenseid", "reseller")
_EVERY = ("INSERT", "UPDATE", "DELETE")
_OF_LICENSE_ID = (
    "JOIN licensing_licenseid ON licensing_licenseid.id = {number} "
    "JOIN licensing_customer ON licensing_customer.id = licensing_licenseid.customer_id"
)
_OF_CUSTOMER = (
    "SELECT licensing_licenseid.id, licensing_customer.reseller_id FROM {changed} "
    "JOIN licensing_customer ON licensing_customer.id = {number} "
    "JOIN licensing_licenseid ON licensing_licenseid.customer_id = licensing_customer.id"
)


def _notes(
    table: str, columns: Sequence[str], select: str, *, actions: Sequence[str] = _EVERY, key: str = "id"
) -> list[Note]:
    return [Note(table, action, columns, _MARK, _BOTH, select, key) for action in actions]


def _by_license_id(column: str, through: str = "") -> str:
    way = _OF_LICENSE_ID.replace("{number}", column)
    return f"SELECT DISTINCT {column}, licensing_customer.reseller_id FROM {{changed}} {through} {way}"  # noqa: S608 - written here


def _by_customer(column: str) -> str:
    return _OF_CUSTOMER.replace("{number}", column)


_PART = "JOIN quotes_quotepart ON quotes_quotepart.quote_id = changed.quote_id"
_DRAFT = "JOIN renewals_quotedraftpart ON renewals_quotedraftpart.draft_id = changed.id"
_CARRIED = "JOIN quotes_quotepart ON quotes_quotepart.id = changed.part_id"
_CONFIRMED = "JOIN renewals_confirmationpart ON renewals_confirmationpart.confirmation_id = {number}"
_COMPARED = "JOIN quotes_comparedlicenseid ON quotes_comparedlicenseid.comparison_id = changed.comparison_id"
_MADE_FROM = (
    "JOIN quotes_alternative ON quotes_alternative.id = changed.alternative_id "
    "JOIN quotes_comparedlicenseid ON quotes_comparedlicenseid.comparison_id = quotes_alternative.comparison_id"
)
_ADDED_OR_CHANGED = ("INSERT", "UPDATE")
_CUSTOMER = ("name", "kana", "person", "owner_id", "reseller_id", "merged_into_id", "search_key", "contact_key")


def _wide(table: str, action: str, columns: Sequence[str], name: str, select: str) -> Note:
    return Note(table, action, columns, _MARK, (name,), select)


NOTES = [
    *_notes(
        "licensing_holding",
        ("licenseid_id", "product_id", "quantity", "support_expires_on"),
        _by_license_id("changed.licenseid_id"),
    ),
    *_notes(
        "licensing_licenseid",
        ("code", "customer_id"),
        "SELECT DISTINCT changed.id, licensing_customer.reseller_id FROM {changed} "
        "JOIN licensing_customer ON licensing_customer.id = changed.customer_id",
    ),
    *_notes(
        "licensing_customer",
        _CUSTOMER,
        "SELECT DISTINCT licensing_licenseid.id, changed.reseller_id FROM {changed} "
        "JOIN licensing_licenseid ON licensing_licenseid.customer_id IN (changed.id, changed.merged_into_id)",
        actions=("UPDATE",),
    ),
    *_notes("licensing_contact", ("customer_id", "search_key", "is_gone"), _by_customer("changed.customer_id")),
    *_notes("licensing_user", ("customer_id", "search_key", "is_active"), _by_customer("changed.customer_id")),
    *_notes(
        "quotes_quotestatus",
        ("state", "reason", "answer", "answered_at", "ordered_on"),
        _by_license_id("quotes_quotepart.licenseid_id", _PART),
        actions=_ADDED_OR_CHANGED,
        key="quote_id",
    ),
    *_notes(
        "quotes_quoteevent",
        ("quote_id", "kind"),
        _by_license_id("quotes_quotepart.licenseid_id", _PART),
        actions=("INSERT",),
    ),
    *_notes(
        "quotes_comparisonstatus",
        ("chosen_id", "chosen_at", "withdrawn_at"),
        _by_license_id("quotes_comparedlicenseid.licenseid_id", _COMPARED),
        actions=("UPDATE",),
        key="comparison_id",
    ),
    *_notes(
        "quotes_quoteorigin",
        ("alternative_id",),
        _by_license_id("quotes_comparedlicenseid.licenseid_id", _MADE_FROM),
        actions=("INSERT",),
        key="quote_id",
    ),
    *_notes("renewals_quotedraftpart", ("draft_id", "licenseid_id"), _by_license_id("changed.licenseid_id")),
    *_notes(
        "renewals_quotedraft",
        ("customer_id", "saved_at"),
        _by_license_id("renewals_quotedraftpart.licenseid_id", _DRAFT),
        actions=("UPDATE",),
    ),
    *_notes(
        "renewals_carryingout",
        ("part_id", "at", "undone_at"),
        _by_license_id("quotes_quotepart.licenseid_id", _CARRIED),
    ),
    *_notes(
        "renewals_deskentry",
        ("licenseid_id", "expires_on", "follow_up_on", "note", "declined_reason", "declined_at"),
        _by_license_id("changed.licenseid_id"),
    ),
    *_notes("renewals_confirmationpart", ("confirmation_id", "licenseid_id"), _by_license_id("changed.licenseid_id")),
    *_notes(
        "renewals_quantityconfirmation",
        ("withdrawn_at", "open_until"),
        _by_license_id("renewals_confirmationpart.licenseid_id", _CONFIRMED.replace("{number}", "changed.id")),
        actions=("UPDATE",),
    ),
    *_notes(
        "renewals_confirmationanswer",
        ("confirmation_id", "at"),
        _by_license_id(
            "renewals_confirmationpart.licenseid_id", _CONFIRMED.replace("{number}", "changed.confirmation_id")
        ),
    ),
    # What concerns many is noted once: the refresh finds out whom.
    *(
        _wide(
            "pricing_pricelist",
            action,
            ("effective_on", "published_at"),
            "expires_from",
            "SELECT DISTINCT changed.effective_on FROM {changed} WHERE changed.published_at IS NOT NULL",
        )
        for action in _ADDED_OR_CHANGED
    ),
    # Amounts are without tax: a rate makes or takes away a price only where its category had none before.
    *(
        _wide(
            "pricing_taxrate",
            action,
            ("category", "effective_on", "withdrawn_on"),
            "expires_from",
            "SELECT DISTINCT changed.effective_on FROM {changed} WHERE NOT EXISTS (SELECT 1 FROM pricing_taxrate "
            "WHERE pricing_taxrate.category = changed.category AND pricing_taxrate.withdrawn_on IS NULL "
            "AND pricing_taxrate.effective_on < changed.effective_on)",
        )
        for action in _ADDED_OR_CHANGED
    ),
    _wide(
        "licensing_product",
        "UPDATE",
        (
            "code",
            "name",
            "name_en",
            "programme_id",
            "segment",
            "is_multi_year_discountable",
            "tax_category",
            "search_key",
        ),
        "product",
        "SELECT DISTINCT changed.id FROM {changed}",
    ),
    *(
        _wide(
            "licensing_formercode",
            action,
            ("product_id", "code"),
            "product",
            "SELECT DISTINCT changed.product_id FROM {changed}",
        )
        for action in _EVERY
    ),
    _wide(
        "licensing_programme",
        "UPDATE",
        ("code", "rank_basis", "late_renewal_days"),
        "programme",
        "SELECT DISTINCT changed.id FROM {changed}",
    ),
]

_FROZEN = (
    "key", "round", "reseller_id", "customer_id", "asked", "document", "price_list_id", "content_hash", "list_subtotal",
    "given_away", "subtotal", "tax", "total", "passed", "rates", "asked_by_id", "asked_at",
)  # fmt: skip
_KEPT = "what was asked for approval and answered is never changed or deleted"
_CHANGES = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _FROZEN)

REFUSALS = [
    Refusal(
        "renewals_approvalrequest",
        "UPDATE",
        _KEPT,
        f"OLD.state <> 'waiting' OR {_CHANGES} OR COALESCE(NEW.drafted_by_id, 0) <> COALESCE(OLD.drafted_by_id, 0) "
        "OR COALESCE(NEW.changed_by_id, 0) <> COALESCE(OLD.changed_by_id, 0)",
    ),
    *(Refusal("renewals_approvalrequest", action, _KEPT) for action in ("DELETE", "TRUNCATE")),
]
"""What the database itself refuses. How that is watched over: `foundation.integrity`."""

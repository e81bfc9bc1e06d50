"""What Django's administration says otherwise here: its texts, for our own catalogue, which comes before Django's.

Its Japanese puts a space where a name is filled in, and calls an empty list 利用不可. Nothing reads this list but
`tools.catalog`.
"""

from django.utils.translation import gettext_noop

OTHERWISE = (
    gettext_noop("Add %s"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("Delete selected %(verbose_name_plural)s"),
    gettext_noop("%(app)s administration"),
    gettext_noop("Cannot delete %(name)s"),
    gettext_noop("None available"),
    gettext_noop("Delete?"),
    gettext_noop("This object doesn’t have a change history. It probably wasn’t added via this admin site."),
)

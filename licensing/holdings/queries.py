"""Which imported lists a user sees."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from ..models import HeldImport, User
from ..queries import entered_resellers


def visible_imports(user: User | AnonymousUser) -> QuerySet[HeldImport]:
    """The imported lists of the resellers for whom the user may enter, without their files."""
    found: QuerySet[HeldImport] = HeldImport.objects.filter(reseller__in=entered_resellers(user))
    return found.defer("content").select_related(
        "reseller", "uploaded_by", "check_batch", "confirm_batch", "undo_batch"
    )

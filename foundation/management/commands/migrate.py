"""Django's `migrate`, which first looks whether the database is one of this portal's line of versions."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> Any:
        """Raises CommandError, before anything is checked or changed, where the database has steps not known here."""
        connection = connections[options["database"]]
        if unknown := unknown_steps(connection):
            facts = {"steps": ", ".join(unknown[:3]), "name": connection.settings_dict["NAME"]}
            if connection.vendor == "sqlite":
                told = _(
                    "The database was made by another version of the portal (%(steps)s is not known here): delete the "
                    "file %(name)s to begin anew, or go on with that version, which can write out its records as a "
                    "file."
                )
            else:
                told = _(
                    "The database was made by another version of the portal (%(steps)s is not known here): empty the "
                    "database %(name)s to begin anew, or go on with that version, which can write out its records as "
                    "a file."
                )
            raise CommandError(told % facts)
        return super().execute(*args, **options)


def unknown_steps(connection: Any) -> list[str]:
    """Migrations of the portal's own apps that the database has and the portal has not, as `quotes.0018_name`."""
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    known = {*loader.disk_migrations, *loader.replacements}
    own = {each.label for each in apps.get_app_configs() if Path(each.path).parent == settings.BASE_DIR}
    return [
        f"{app}.{name}" for app, name in sorted(loader.applied_migrations) if app in own and (app, name) not in known
    ]

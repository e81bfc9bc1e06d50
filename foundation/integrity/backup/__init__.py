"""Everything that matters in one file, and everything back from it: the database and the uploaded files."""

from .archive import BackupFailed
from .run import Backup, restore_backup, write_backup

__all__ = ["Backup", "BackupFailed", "restore_backup", "write_backup"]

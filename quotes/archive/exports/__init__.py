"""Found records as files: an index, with or without the PDFs, written in the background and removed after a while."""

from .run import MOST_EXPORTED, ExportRefused, ExportWork, describe, start_export, sweep_exports

__all__ = ["MOST_EXPORTED", "ExportRefused", "ExportWork", "describe", "start_export", "sweep_exports"]

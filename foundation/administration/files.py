"""Master data in and out of files, in the administration: django-import-export's pages and resources in our words.

A file is read by our bounded reader (`foundation.spreadsheets.datasets`), tried, and shown; nothing is written before
it is confirmed. Then it is written whole or not at all, with the history of every row, and only if the rows are still
as they were shown.
"""

import hashlib
import json
import logging
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.admin import ImportExportMixin
from import_export.exceptions import ImportError as ImportFailed
from import_export.fields import Field
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import Diff, ModelResource
from import_export.results import Result
from import_export.tmp_storages import CacheStorage
from import_export.widgets import CachedForeignKeyWidget
from tablib import Dataset

from ..spreadsheets.datasets import Csv, CsvCp932, FieldWidget, Uploaded, Xlsx
from ..spreadsheets.refusals import FileRefused, check_size
from ..text.typed import half_width, postal_code, squeeze, with_hyphens

logger = logging.getLogger(__name__)
COLUMN_OF_NUMBERS = gettext_lazy("number in the portal")
ROWS_SHOWN = 200
"""Changes, or rows with errors, that a page shows."""


class CodeWidget(FieldWidget):
    """A code or number, in any width and with any hyphens; a name for a code keeps its ー."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        plain = with_hyphens(value)
        plain = plain if plain.isascii() else half_width(value)
        return super().clean(postal_code(plain) if self.field.name == "postal_code" else plain, row, **kwargs)


class NamedWidget(CachedForeignKeyWidget):  # type: ignore[misc]
    """Another row, named by its code or number."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        try:
            return super().clean(half_width(value), row, **kwargs)
        except (ObjectDoesNotExist, KeyError, ValueError):
            text = _("The portal knows no %(kind)s “%(value)s”.")
            raise ValueError(text % {"kind": self.model._meta.verbose_name, "value": value}) from None


class Changes(Result):  # type: ignore[misc]
    """What a file does."""

    @property
    def changed_rows(self) -> list[Any]:
        return [row for row in self.rows if row.import_type in ("new", "update")]


class PlainDiff(Diff):  # type: ignore[misc]
    """What goes and what comes, without the styles that the content security policy refuses anyway."""

    def as_html(self) -> list[Any]:
        # All else in it is escaped: a `<` in a text is none here.
        return [mark_safe(re.sub(r'<(ins|del) style="[^"]*">', r"<\1>", cell)) for cell in super().as_html()]


class MasterResource(ModelResource):  # type: ignore[misc]
    """Rows of a table in files: columns by their names in either language, values in words."""

    class Meta:
        instance_loader_class = CachedInstanceLoader
        import_id_fields: ClassVar[list[str]] = ["code"]
        clean_model_instances = True
        skip_unchanged = True

    @classmethod
    def widget_from_django_field(cls, f: Any, default: Any = None) -> Any:
        return CodeWidget if f.name in ("code", "id", "postal_code") else FieldWidget

    @classmethod
    def widget_kwargs_for_field(cls, field_name: str, django_field: Any) -> dict[str, Any]:
        return {"field": django_field}

    @classmethod
    def label_of(cls, field: Field) -> str:
        """What stands above a column, in the language that is active."""
        return str(cls._meta.model._meta.get_field(field.column_name).verbose_name)

    def get_diff_class(self) -> type[Diff]:
        return PlainDiff

    def get_result_class(self) -> type[Result]:
        return Changes

    def get_queryset(self) -> Any:
        """The rows that a file names, each locked before any is written; in one order, so that two files never wait
        for each other. (Rows that are exported are the list's.)
        """
        return super().get_queryset().select_for_update(no_key=True, of=("self",)).order_by("pk")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Name the columns as the library knows them. Raises ValidationError; then no row is read."""
        numbers, names = dataset.numbers, _column_names(type(self))  # type: ignore[arg-type]
        found = [names.get(squeeze(header).casefold(), "") for header in dataset.headers]
        wrong = [
            _("The column “%(name)s” is not known.") % {"name": header}
            for header, name in zip(dataset.headers, found, strict=True)
            if header and not name
        ]
        wrong += [
            _("The column “%(name)s” stands there twice.") % {"name": self.label_of(self.fields[name])}
            for name in sorted({name for name in found if name and found.count(name) > 1})
        ]
        [key] = self.get_import_id_fields()
        if key not in found:
            text = _("The column “%(name)s” is missing: by it a row is known.")
            wrong.append(text % {"name": self.label_of(self.fields[key])})
        rows = [] if wrong else [dict(zip(found, row, strict=True)) for row in dataset]
        wrong += self.find_wrong_keys(rows, key)
        dataset.wipe()
        dataset.numbers = numbers
        if wrong:
            raise ValidationError(wrong)
        dataset.headers = [name or f"-{index}" for index, name in enumerate(found)]
        for row in rows:
            dataset.append([row[name] for name in found])

    def find_wrong_keys(self, rows: list[dict[str, str]], key: str) -> Iterable[str]:
        """What is wrong with the values by which rows are known: one that stands there twice is two opinions."""
        values = [half_width(row[key]) for row in rows]
        for value in sorted({value for value in values if value and values.count(value) > 1}):
            yield _("“%(value)s” stands in two rows. Keep one of them.") % {"value": value}

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        instance._change_reason = (_("import: %(file)s") % {"file": kwargs.get("file_name")})[:100]

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Remember which rows were shown as they were; refuse to write where they are not so any more."""
        super().after_import(dataset, result, **kwargs)
        for row in result.invalid_rows:
            row.number = dataset.numbers[row.number - 1]
            row.told = [*self.tell(row)]
        for row in result.changed_rows if self.get_import_id_fields() == ["id"] else ():
            if row.import_type == row.IMPORT_TYPE_NEW:
                row.diff[0] = ""  # its number is only known once it is written
        request, mark = kwargs["request"], self.mark_of(result)
        if not kwargs.get("dry_run", True) and request.POST.get("seen") != mark:
            raise ValidationError(_("Somebody else changed these data meanwhile. Nothing was written: import again."))
        request.import_mark = mark

    def tell(self, row: Any) -> Iterable[str]:
        """What is wrong with a row, each with its column."""
        for name, texts in row.field_specific_errors.items():
            field = self.fields.get(name)
            yield from (f"{self.label_of(field)}: {text}" if field else text for text in texts)
        yield from row.non_field_specific_errors

    def mark_of(self, result: Any) -> str:
        """Names a file's effect: which rows it makes and changes, and what they were before."""
        told = [
            [row.import_type, [str(field.get_value(row.original)) for field in self.get_import_fields()]]
            if row.original
            else [row.import_type]
            for row in result.rows
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]

    def after_export(self, queryset: Any, dataset: Any, **kwargs: Any) -> None:
        dataset.title = str(self._meta.model._meta.verbose_name_plural)
        dataset.headers = [self.label_of(self.fields[name]) for name in dataset.headers]


@cache
def _column_names(resource: type[MasterResource]) -> dict[str, str]:
    """Every name that a column may have, and the column."""
    names = {squeeze(name).casefold(): name for name in resource.fields}
    for language in ("en", "ja"):
        with translation.override(language):
            names |= {squeeze(resource.label_of(field)).casefold(): name for name, field in resource.fields.items()}
    return names


@cache
def _uploaded_rows(resource: type[MasterResource]) -> type[Uploaded]:
    """The format of a resource's files: it knows their columns, to find the row of names by."""

    class UploadedRows(Uploaded):
        def knows(self, name: str) -> bool:
            return squeeze(name).casefold() in _column_names(resource)  # type: ignore[arg-type]

        def create_dataset(self, in_stream: bytes | None) -> Dataset:
            dataset = super().create_dataset(in_stream)
            if not len(dataset):
                raise FileRefused(_("There are no rows below the names of the columns. Add them, and choose it again."))
            return dataset

    return UploadedRows


class KeptForAnHour(CacheStorage):  # type: ignore[misc]
    """Where a file waits to be confirmed: all web servers see it."""

    CACHE_LIFETIME = 3600


class UploadForm(ImportForm):  # type: ignore[misc]
    """Asks for the file; what it is, is found out."""

    media = forms.Media()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].widget = forms.HiddenInput()
        self.initial["format"] = "0"
        self.fields["import_file"].error_messages["empty"] = _("The file is empty. Choose the file with the table.")

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        try:
            check_size(file.size)
        except FileRefused as refused:
            raise ValidationError(str(refused)) from None
        return file


class ConfirmForm(ConfirmImportForm):  # type: ignore[misc]
    """Confirms what was shown (`seen`)."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
    format = forms.ChoiceField(widget=forms.HiddenInput, choices=[("0", "0")])
    resource = forms.ChoiceField(widget=forms.HiddenInput, choices=[("0", "0")], required=False)


class FilesAdmin(ImportExportMixin):  # type: ignore[misc]
    """A list with 「インポート」 and 「エクスポート」. Whoever may add and change its rows may import them."""

    import_form_class = UploadForm
    confirm_form_class = ConfirmForm
    export_form_class = ExportForm
    import_template_name = "admin/files/import.html"
    export_template_name = "admin/files/export.html"
    tmp_storage_class = KeptForAnHour
    export_formats = (Xlsx, Csv, CsvCp932)
    skip_admin_log = True  # every row has a history

    def get_import_formats(self) -> list[type[Uploaded]]:
        return [_uploaded_rows(self.resource_classes[0])]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_add_permission(request) and self.has_change_permission(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def get_import_context_data(self, **kwargs: Any) -> dict[str, Any]:
        resource = self.resource_classes[0]()
        labels = [resource.label_of(field) for field in resource.get_import_fields()]
        return {"columns": labels, "rows_shown": ROWS_SHOWN}

    def get_export_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {}

    def get_confirm_form_initial(self, request: Any, import_form: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        return initial | {"seen": getattr(request, "import_mark", ""), "resource": "0"}

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        if not isinstance(e, FileRefused):
            raise e
        form.add_error("import_file", str(e))

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Write what was confirmed, all of it or nothing."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        text = _("This is not what was shown. Nothing was written: import again.")
        try:
            if request.method != "POST" or self.create_confirm_form(request).is_valid():
                response: HttpResponse = super().process_import(request, **kwargs)
                return response
        except FileRefused as refused:
            text = str(refused)
        except ImportFailed as failed:
            error = failed.error
            if not isinstance(error, ValidationError):
                raise
            logger.info("an import was refused on confirmation: %s", error)
            text = " ".join(error.messages)
        self.message_user(request, text, messages.ERROR)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")

    def process_dataset(self, dataset: Any, form: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().process_dataset(dataset, form, request, raise_errors=True, **kwargs)

    def add_success_message(self, result: Any, request: HttpRequest) -> None:
        text = ngettext(
            "Imported: %(new)s new, %(changed)s changed row.",
            "Imported: %(new)s new, %(changed)s changed rows.",
            result.totals["update"],
        )
        messages.success(request, text % {"new": result.totals["new"], "changed": result.totals["update"]})

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The rows of the list as it is narrowed and searched. An address that means nothing leads to the list."""
        try:
            response: HttpResponse = super().export_action(request)
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return response

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        return f"{self.opts.model_name}-{timezone.localdate():%Y%m%d}.{file_format.get_extension()}"

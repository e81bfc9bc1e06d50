#!/bin/sh
# Every night: back up, check all records, compare with the last good night, send the report away, tidy up.
# Started by portal-nightly.timer with the portal's environment. By hand:
#   systemctl start portal-nightly.service && journalctl --unit portal-nightly.service
set -u
cd "$(dirname "$0")/.." || exit 1
python=${PYTHON:-.venv/bin/python}
root=${NIGHTLY_ROOT:?the folder for backups and reports}
keep_days=${KEEP_DAYS:-30}
mkdir -p "$root" || exit 1
report=$root/report-$(date +%Y%m%d).txt
failed=0

{
  echo "== backup"
  "$python" manage.py backup "$root/portal-$(date +%Y%m%d-%H%M%S).tar.gz" || failed=1
  echo "== records"
  # The first night there is nothing yet to compare with.
  if [ -s "$root/last-good.txt" ]; then set -- --heads "$root/last-good.txt"; else set --; fi
  "$python" manage.py verify_records --verbosity 0 "$@" || failed=1
  echo "== tidying up"
  "$python" manage.py clearsessions || failed=1
  "$python" manage.py prune_db_task_results || failed=1
  find "$root" -name 'portal-*.tar.gz' -type f -mtime "+$keep_days" -delete || failed=1
  if [ "$failed" = 0 ]; then echo "== all good"; else echo "== SOMETHING IS WRONG: read above"; fi
} >"$report" 2>&1
cat "$report"
[ "$failed" = 0 ] && cp "$report" "$root/last-good.txt"
if [ -n "${REPORT_TO:-}" ]; then
  # Away from whoever can write to the database: this mail is what proves the records of today.
  "$python" manage.py mail_text --to "$REPORT_TO" --subject "Records $(date +%Y-%m-%d): $([ "$failed" = 0 ] && echo good || echo WRONG)" <"$report" || failed=1
fi
exit "$failed"

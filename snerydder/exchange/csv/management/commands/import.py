"""`snerydder import FILE --kind citizens --by dorthe`: the same reading, preview and all-or-none as the page."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from snerydder.access.models import Account, Staff
from snerydder.access.permissions import Permission
from snerydder.access.tenancy import set_context, within
from snerydder.audit.action import Refusal
from snerydder.exchange.csv import actions, files, queries
from snerydder.exchange.csv.models import Import


class Command(BaseCommand):
    help = "Læs borgere, mentorer eller sager ind fra CSV eller Excel. Viser først, hvad der bliver lavet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV eller .xlsx")
        parser.add_argument("--kind", required=True, choices=Import.Kind.values, help="hvad der er i filen")
        parser.add_argument("--by", required=True, help="brugernavnet på den, der importerer")
        parser.add_argument("--municipality", type=int, help="kommunenummer, hvis brugeren hører til flere")
        parser.add_argument("--refused", type=Path, help="skriv de afviste rækker hertil (.xlsx eller .csv)")
        parser.add_argument("--yes", action="store_true", help="importér uden at spørge")

    def handle(self, *args: Any, **options: Any) -> None:
        staff = _staff(options["by"], options["municipality"])
        try:
            content = options["file"].read_bytes()
        except OSError as fault:
            raise CommandError(_("Filen kan ikke læses: %(fault)s") % {"fault": fault}) from None
        try:
            with within(staff.municipality_id):
                job = actions.read_in(options["file"].name, content, options["kind"], by=staff)
                self._tell(job)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        if options["refused"]:
            self._write_refused(job, staff, options["refused"])
        if not self._wanted(job, staff, options["yes"]):
            with within(staff.municipality_id):
                actions.drop(job, by=staff)
            return
        self._carry_out(job, staff)

    def _tell(self, job: Import) -> None:
        for note in job.notes:
            self.stdout.write(note)
        unknown = [heading for heading, key in zip(job.headings, job.keys, strict=False) if heading and not key]
        if unknown:
            self.stdout.write(_("Kolonner, vi ikke kender og ikke bruger: %(columns)s") % {"columns": ", ".join(unknown)})
        told = _("%(new)s nye, %(changed)s ændrede, %(same)s uændrede, %(refused)s afviste.")
        self.stdout.write(told % queries.counts(job))
        for note, count in queries.common_notes(job):
            self.stdout.write(f"  {count} × {note}")
        for line, reasons in queries.refusals(job, 20):
            self.stdout.write(_("  Linje %(line)s: %(why)s") % {"line": line, "why": " ".join(reasons)})

    def _write_refused(self, job: Import, staff: Staff, path: Path) -> None:
        with within(staff.municipality_id):
            path.write_bytes(files.refused(job, staff, path.suffix.lstrip(".").lower()).content)

    def _wanted(self, job: Import, staff: Staff, yes: bool) -> bool:
        with within(staff.municipality_id):
            counts = queries.counts(job)
        coming = counts["new"] + counts["changed"]
        if not coming:
            self.stdout.write(_("Der er intet nyt at importere."))
            return False
        if yes:
            return True
        if not sys.stdin.isatty():
            self.stdout.write(_("Intet er importeret. Skriv --yes for at importere uden at blive spurgt."))
            return False
        return input(_("Importér %(count)s rækker? [j/N] ") % {"count": coming}).strip().lower() in ("j", "ja", "y", "yes")

    def _carry_out(self, job: Import, staff: Staff) -> None:
        def progress(done: int) -> None:
            if self.stdout.isatty():
                self.stdout.write(f"\r  {done}/{job.total_rows}", ending="")

        with within(staff.municipality_id):
            job = actions.begin(job, by=staff)
            done = actions.carry_out(job, by=staff, progress=progress)
        self.stdout.write(_("Filen er importeret.") if done else job.trouble)
        if not done:
            raise SystemExit(1)


def _staff(username: str, municipality: int | None) -> Staff:
    """Who imports: the person's place is read as at a sign-in, by the account alone."""
    account = Account.objects.filter(username=username.strip().lower(), is_active=True).first()
    with transaction.atomic():
        set_context(None, account.pk if account else None)
        places = list(Staff.objects.select_related("municipality", "unit").filter(account=account, active=True)) if account else []
        set_context(None)
    found = [staff for staff in places if municipality in (None, staff.municipality_id)]
    if len(found) > 1:
        raise CommandError(_("%(name)s hører til flere kommuner. Skriv --municipality.") % {"name": username})
    if not found:
        raise CommandError(_("Der er ingen bruger, der hedder %(name)s.") % {"name": username})
    if not found[0].may(Permission.IMPORT):
        raise CommandError(_("%(name)s må ikke importere.") % {"name": found[0].name})
    return found[0]

"""Many cases at once, for speed: one case that the verbs made is copied row by row with SQL, as the owner and past the triggers.

Whatever columns the tables get, the copies have them. The summaries on the case rows are counted from the contacts by the
same function that the product uses, so a page over them can be held against a count from the contacts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from time import sleep

import psycopg
from django.utils import timezone

from snerydder.access.tenancy import within
from snerydder.casework.cases.models import Case
from tests import build
from tests.cast import Cast, fjordby

PER_FULL_TIMER = 15
RUN = 150  # days an open case has run at most
KEY = "md5('{kind}' || {number})::uuid"
# An open case has stopped having contact so many days ago; every tenth has been silent for more than two weeks.
LAST_CONTACT = "(CASE WHEN g % 10 = 0 THEN 15 + g % 20 ELSE g % 13 END)"


@dataclass(frozen=True)
class Many:
    cast: Cast
    day: date
    template: Case
    open: int


def found(open_cases: int) -> Many:
    """The municipality with its one true case, committed, and what the rest will be copied from."""
    day = timezone.localdate()
    with within(901):
        cast = fjordby()
        case = build.active(cast, on=day - timedelta(days=RUN + 8))
        build.contact(cast, case, on=day - timedelta(days=1))
    return Many(cast, day, case, open_cases)


def columns_of(owner: psycopg.Connection, table: str) -> list[str]:
    words = "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"
    return [row[0] for row in owner.execute(words, [table]).fetchall()]


def copy_rows(owner: psycopg.Connection, table: str, template: object, source: str, **changed: str) -> None:
    """Copies of the row `template`, one for each row of `source`, with these columns worked out anew."""
    columns = columns_of(owner, table)
    assert set(changed) <= set(columns), set(changed) - set(columns)
    chosen = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    owner.execute(f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} t, {source} WHERE t.id = '{template}'")


def key(kind: str, number: str = "g") -> str:
    return KEY.format(kind=kind, number=number)


def add_mentors(owner: psycopg.Connection, many: Many) -> int:
    mentors = max(many.open // PER_FULL_TIMER, 1)
    series = f"generate_series(1, {mentors}) g"
    name = "'Mentor ' || lpad(g::text, 4, '0')"
    copy_rows(owner, "access_staff", many.cast.carl.pk, series, id=key("staff"), account_id="NULL", name=name, sort_key=f"lower({name})")
    copy_rows(owner, "people_mentor", many.cast.mentor.pk, series, id=key("mentor"), staff_id=key("staff"))
    return mentors


def add_cases(owner: psycopg.Connection, many: Many, first: int, last: int, is_open: bool, mentors: int) -> None:
    """Cases `first` to `last`. Open ones are all in progress; each has its citizen and its agreement."""
    series, day = f"generate_series({first}, {last}) g", f"date '{many.day}'"
    copy_rows(
        owner, "people_citizen", many.cast.amina.pk, series, id=key("citizen"), first_name="'Borger'", last_name="'Nummer' || g",
        sort_key="'nummer' || g", cpr_index="decode(md5('cpr' || g), 'hex')",
    )  # fmt: skip
    mentor = key("mentor", f"(1 + g % {mentors})")
    began = f"{day} - (20 + g % {RUN - 20})" if is_open else f"{day} - (400 + g % 2000)"
    ended = "NULL::date" if is_open else f"{began} + 200"
    copy_rows(
        owner, "cases_case", many.template.pk, series, id=key("case"), number="'B' || g", citizen_id=key("citizen"), mentor_id=mentor,
        stage="'active'" if is_open else "'closed'", opened_on=f"{began} - 20", started_on=began, closed_on=ended, grant_start=began,
        period_end=f"{began} + 181", grant_end=f"{began} + 181", agreement_end=f"{began} + 181", next_deadline="NULL::date" if not is_open else f"{began} + 60 + g % 30",
        follow_up_due="NULL::date" if not is_open else f"{began} + 60 + g % 30",
    )  # fmt: skip
    agreement = owner.execute("SELECT id FROM agreements_agreement WHERE case_id = %s", [many.template.pk]).fetchone()[0]
    copy_rows(
        owner, "agreements_agreement", agreement, series, id=key("agreement"), case_id=key("case"), mentor_id=mentor, start=began,
        state="'active'" if is_open else "'ended'", end=f"{began} + 181",
    )  # fmt: skip


def add_contacts(owner: psycopg.Connection, many: Many, first: int, last: int, each: int, is_open: bool, mentors: int, before: int = 0) -> None:
    """`each` contacts for each of these cases, spread over its time; `before` tells how many it has already."""
    contact = owner.execute("SELECT id FROM contacts_contact WHERE case_id = %s", [many.template.pk]).fetchone()[0]
    day = f"date '{many.day}'"
    source = f"generate_series({first}, {last}) g, generate_series({before + 1}, {before + each}) k"
    when = f"({day} - {LAST_CONTACT} - (k * 7) % {RUN + 200})" if is_open else f"({day} - 200 - g % 2000 - (k * 7) % 200)"
    number = "(g || '.' || k)"
    copy_rows(
        owner, "contacts_contact", contact, source, id=key("contact", number), entry=key("entry", number), case_id=key("case"),
        mentor_id=key("mentor", f"(1 + g % {mentors})"), day=when, at=f"{when}::timestamptz", week=f"to_char({when}, 'IYYYIW')::int",
        minutes="30 + k % 4 * 15", counted_minutes="30 + k % 4 * 15", form="CASE WHEN k % 9 = 0 THEN 'tried' ELSE 'met' END",
    )  # fmt: skip


def settle(owner: psycopg.Connection, many: Many, scattered: bool = False) -> None:
    """Count the summaries from the contacts, and leave the tables as a database that has been tended: what ended long ago lies first.

    `scattered`: as if the open ones lay at random among the ended, the worst there can be.
    """
    for whose in ("true",) if scattered else ("closed_on IS NOT NULL", "closed_on IS NULL"):
        owner.execute(f"SELECT snerydder_recount(ARRAY(SELECT id FROM cases_case WHERE {whose}))")
    for table in ("cases_case", "contacts_caseweek"):
        rewrite(owner, table)
    for table in TENDED:
        owner.execute(f"VACUUM (ANALYZE) {table}")
    owner.execute("CHECKPOINT")


TENDED = ("cases_case", "contacts_contact", "contacts_caseweek", "people_citizen", "people_mentor", "access_staff", "agreements_agreement")


def leave_alone(owner: psycopg.Connection) -> None:
    """The server's own tending of these tables would come in the middle of what is measured; `settle` does it instead."""
    for table in TENDED:
        owner.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")


def rewrite(owner: psycopg.Connection, table: str) -> None:
    """VACUUM FULL until nothing dead is left: a row stays while somebody, as the server's own autovacuum, might still see it."""
    said: list[str] = []
    owner.add_notice_handler(lambda notice: said.append(notice.message_detail or ""))
    for _again in range(50):
        said.clear()
        owner.execute(f"VACUUM (FULL, VERBOSE) {table}")
        if any(detail.startswith("0 dead row versions") for detail in said):
            return
        sleep(0.2)
    raise RuntimeError(f"{table} could not be tidied: {said}")


class Past:
    """Past the triggers and the foreign keys, as only the owner may go."""

    def __init__(self, owner: psycopg.Connection) -> None:
        self.owner = owner

    def __enter__(self) -> None:
        self.owner.execute("SET session_replication_role = replica")

    def __exit__(self, *_fault: object) -> None:
        self.owner.execute("SET session_replication_role = DEFAULT")


def grow(owner: psycopg.Connection, many: Many, cases: int, contacts: int, mentors: int = 0) -> int:
    """A whole world: the closed ones first, as time made them, then the open. Returns how many mentors there are."""
    with Past(owner):
        mentors = mentors or add_mentors(owner, many)
        closed = cases - many.open
        add_cases(owner, many, 1, closed, False, mentors)
        add_cases(owner, many, closed + 1, cases, True, mentors)
        add_contacts(owner, many, 1, closed, contacts, False, mentors)
        add_contacts(owner, many, closed + 1, cases, contacts, True, mentors)
    settle(owner, many)
    return mentors

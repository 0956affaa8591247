"""A draft is kept until the entry is saved, is everybody's own, and takes no place in the case."""

from datetime import timedelta
from uuid import uuid4

import pytest

from snerydder.audit.models import Event
from snerydder.casework.contacts import actions, queries
from snerydder.casework.contacts.models import ContactDraft
from tests import build
from tests.build import DAY
from tests.casework.contacts.test_log import at

pytestmark = pytest.mark.django_db
ON = DAY + timedelta(days=10)


def test_it_is_kept_and_renewed(cast, case):
    entry, events = uuid4(), Event.objects.count()
    actions.save_draft(entry, {"note": ["Begyndt"]}, by=cast.carl)
    actions.save_draft(entry, {"note": ["Begyndt på noget"]}, by=cast.carl)
    [draft] = queries.drafts_of(cast.carl)
    assert draft.content == {"note": ["Begyndt på noget"]} and Event.objects.count() == events
    assert queries.drafts_of(cast.dorthe) == [] and queries.draft_of(cast.dorthe, entry) is None


def test_saving_the_entry_takes_the_draft_with_it_and_no_other(cast, case):
    entry, another = uuid4(), uuid4()
    for each in (entry, another):
        actions.save_draft(each, {"note": ["x"]}, by=cast.carl)
    actions.save_draft(entry, {"note": ["Dorthes"]}, by=cast.dorthe)
    actions.log(entry, [case], by=cast.carl, at=at(ON), form="met", minutes=10)
    assert [draft.entry for draft in queries.drafts_of(cast.carl)] == [another] and queries.drafts_of(cast.dorthe)


def test_one_that_comes_after_the_save_is_not_kept(cast, case):
    entry = build.contact(cast, case, ON).entry
    assert actions.save_draft(entry, {"note": ["for sent"]}, by=cast.carl) is None and not ContactDraft.objects.exists()


def test_it_is_dropped(cast):
    entry = uuid4()
    actions.save_draft(entry, {"note": ["x"]}, by=cast.carl)
    actions.drop_draft(entry, by=cast.carl)
    assert queries.drafts_of(cast.carl) == []


def test_after_thirty_days_it_is_not_offered(cast, late_in_2026):
    actions.save_draft(uuid4(), {"note": ["x"]}, by=cast.carl)
    late_in_2026.shift(timedelta(days=31))
    assert queries.drafts_of(cast.carl) == []

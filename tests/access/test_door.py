"""The one place where a request gets its municipality."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from snerydder.access.door import SESSION_KEY, MissingRight, enter, needs
from snerydder.access.models import Staff
from snerydder.access.permissions import Permission
from snerydder.access.roles import ROLES, permissions_of, roles_with
from snerydder.access.tenancy import set_context
from tests.cast import BAKKEBY, FJORDBY, fjordby

pytestmark = pytest.mark.django_db


def asked(member, **session):
    request = RequestFactory().get("/?mun=902", headers={"X-Municipality": "902"})
    request.user, request.session = member.account, SessionStore()
    request.session.update(session)
    return request


def municipality() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.mun', true)")
        return cursor.fetchone()[0]


def test_the_municipality_is_that_of_the_membership_whatever_the_request_says(cast):
    fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    staff = enter(asked(cast.bente))
    assert (staff, municipality()) == (cast.bente, str(FJORDBY))


def test_the_person_has_the_unit_the_table_says(cast):
    """Read before the municipality is set, the unit would seem to be none."""
    assert enter(asked(cast.bente)).unit == cast.unit


def test_a_place_that_is_not_one_s_own_is_not_entered(cast):
    away = fjordby(BAKKEBY, "Bakkeby", suffix="_b")
    request = asked(cast.bente, **{SESSION_KEY: str(away.bente.pk)})
    assert enter(request) == cast.bente
    assert municipality() == str(FJORDBY)
    assert request.session[SESSION_KEY] == str(cast.bente.pk)


def test_without_an_active_place_there_is_no_municipality(cast):
    Staff.objects.filter(pk=cast.bente.pk).update(active=False)
    assert enter(asked(cast.bente)) is None
    assert municipality() == ""


def test_a_missing_right_names_the_roles_that_have_it(cast):
    ran = []

    @needs(Permission.DECIDE)
    def decide(request):
        ran.append(request.staff)
        return HttpResponse()

    with pytest.raises(MissingRight) as refused:
        decide(asked(cast.carl))
    assert [role.key for role in refused.value.roles] == ["caseworker"]
    assert ran == []
    decide(asked(cast.bente))
    assert ran == [cast.bente]


def test_one_of_several_rights_is_enough(cast):
    @needs(Permission.DECIDE, Permission.LOG_CONTACT)
    def either(request):
        return HttpResponse()

    assert either(asked(cast.carl)).status_code == 200
    with pytest.raises(MissingRight):
        either(asked(cast.gitte))


def test_each_role_says_what_it_may_in_a_sentence_and_has_a_use():
    with translation.override("da"):
        for role in ROLES.values():
            assert str(role.sentence).endswith(".")
            assert role.name and Permission.SIGNED_IN in role.permissions
    assert all(roles_with(permission) for permission in Permission), "a right nobody has"
    assert permissions_of([]) == permissions_of(["konge"]) == frozenset()


def test_nobody_both_decides_and_pays_by_the_same_role():
    for role in ROLES.values():
        assert not {Permission.DECIDE, Permission.PAYER_DESK} <= role.permissions
        assert not {Permission.DECIDE, Permission.MENTOR_DESK} <= role.permissions


def test_a_mentor_decides_nothing():
    set_context(None)
    forbidden = {Permission.ASSESS, Permission.DECIDE, Permission.FOLLOW_UP, Permission.CLOSE, Permission.MATCH, Permission.FIND_PEOPLE}
    assert not forbidden & ROLES["mentor"].permissions

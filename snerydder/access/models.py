"""Who works where, as what. The sign-in itself (`Account`) belongs to no municipality: it is read before one is known."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from snerydder.access.roles import ROLES, permissions_of
from snerydder.access.scope import Scoped, TenantKey


class Municipality(models.Model):
    """A municipality; `id` is its official three-digit number. No person data, so it is not isolated."""

    id = models.PositiveSmallIntegerField(_("kommunenummer"), primary_key=True)
    name = models.CharField(_("navn"), max_length=80)
    logo_text = models.CharField(_("tekst i logo"), max_length=40, blank=True)
    address = models.CharField(_("adresse"), max_length=160, blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    email = models.EmailField(_("mail"), blank=True)
    invented = models.BooleanField(_("opdigtet"), default=False)
    rules_of_the_game = models.TextField(_("spilleregler"), blank=True)

    class Meta:
        verbose_name = _("kommune")
        verbose_name_plural = _("kommuner")

    class DataProtection:
        operational = ("id", "name", "logo_text", "address", "phone", "email", "invented", "rules_of_the_game")
        purpose = "Adskille kommunerne"
        retention = "none"

    def __str__(self) -> str:
        return self.name


class Accounts(BaseUserManager["Account"]):
    def create(self, **values: Any) -> "Account":
        password = values.pop("password", None)
        account = self.model(**values)
        account.set_password(password) if password else account.set_unusable_password()
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """What one signs in with. It names no municipality and holds nothing but the sign-in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("brugernavn"), max_length=80, unique=True)
    is_active = models.BooleanField(_("aktiv"), default=True)

    objects = Accounts()
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")

    class DataProtection:
        operational = ("id", "username", "password", "last_login", "is_active")
        purpose = "Logge ind"
        retention = "staff"
        before_municipality = "Læses før kommunen er kendt; rummer kun selve loginnet."


class Unit(Scoped):
    """A team."""

    name = models.CharField(_("navn"), max_length=80)

    class Meta:
        verbose_name = _("enhed")
        verbose_name_plural = _("enheder")
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="unit_name")]

    class DataProtection:
        operational = ("name",)
        purpose = "Fordele sager"
        retention = "none"

    def __str__(self) -> str:
        return self.name


class Staff(Scoped):
    """One account's place in one municipality: name, unit and roles."""

    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("login"))
    unit = TenantKey(Unit, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("enhed"))
    name = models.CharField(_("navn"), max_length=120)
    sort_key = models.CharField(max_length=160, editable=False)
    email = models.EmailField(_("mail"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    address = models.CharField(_("adresse"), max_length=160, blank=True)
    roles = ArrayField(models.CharField(max_length=20), verbose_name=_("roller"))
    active = models.BooleanField(_("aktiv"), default=True)

    class Meta:
        verbose_name = _("medarbejder")
        verbose_name_plural = _("medarbejdere")
        constraints = [models.UniqueConstraint(fields=["municipality", "account"], name="staff_account")]
        indexes = [models.Index(fields=["municipality", "sort_key"], name="staff_sort")]

    class DataProtection:
        identity = ("name", "sort_key", "email", "phone", "address")
        operational = ("account", "unit", "roles", "active")
        purpose = "Vide hvem der handler i sagen"
        retention = "staff"

    def __str__(self) -> str:
        return self.name

    behalf_of_id = None  # set by scope.get when the row is reached as somebody's stand-in

    @cached_property
    def permissions(self) -> frozenset[Any]:
        return permissions_of(self.roles)

    @property
    def role_names(self) -> list[Any]:
        return [ROLES[key].name for key in self.roles if key in ROLES]

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    @cached_property
    def stands_in_for(self) -> list["StandIn"]:
        today = timezone.localdate()
        return list(self.standing_in.filter(start__lte=today, end__gte=today).select_related("away"))


class StandIn(Scoped):
    """While `away` is away, `stand_in` reaches the same cases with own rights."""

    away = TenantKey(Staff, models.CASCADE, related_name="absences", verbose_name=_("den fraværende"))
    stand_in = TenantKey(Staff, models.CASCADE, related_name="standing_in", verbose_name=_("stedfortræder"))
    start = models.DateField(_("fra"))
    end = models.DateField(_("til"))
    reason = models.CharField(_("årsag"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("stedfortræder")
        verbose_name_plural = _("stedfortrædere")
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="stand_in_dates"),
            models.CheckConstraint(condition=~models.Q(away=models.F("stand_in")), name="stand_in_other"),
        ]

    class DataProtection:
        operational = ("away", "stand_in", "start", "end")
        free_text = ("reason",)
        purpose = "Holde sager i gang under fravær"
        retention = "staff"

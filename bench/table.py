"""A table with the contact's columns and nothing else. Made by bench/contacts.py."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Bare(models.Model):
    id = models.UUIDField(primary_key=True)
    municipality_id = models.IntegerField()
    case_id = models.UUIDField()
    mentor_id = models.UUIDField()
    entry = models.UUIDField()
    made_by_id = models.UUIDField()
    at = models.DateTimeField()
    day = models.DateField()
    week = models.IntegerField()
    form = models.CharField(max_length=6)
    minutes = models.SmallIntegerField()
    counted_minutes = models.SmallIntegerField()
    together = models.SmallIntegerField()
    help = ArrayField(models.CharField(max_length=30))
    goal_id = models.UUIDField(null=True)
    note = models.TextField()
    written_at = models.DateTimeField()
    corrections = models.SmallIntegerField()
    withdrawn = models.BooleanField()

    class Meta:
        app_label, managed, db_table = "contacts", False, "bench_bare"

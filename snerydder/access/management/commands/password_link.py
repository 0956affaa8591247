"""`password_link LOGIN`: for whoever runs the server, when no leader may make the link: the person works in several municipalities."""

from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from snerydder.access import queries


class Command(BaseCommand):
    help = "Lav et link, som en person selv vælger en ny adgangskode med. Giv det kun til personen selv."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="brugernavnet")

    def handle(self, *args: Any, **options: Any) -> None:
        account = queries.account_named(options["username"])
        if account is None:
            raise CommandError(f"Der er ikke noget åbent login, der hedder {options['username']}.")
        self.stdout.write("https://<adressen>" + reverse("access:password_link", args=[account.pk, default_token_generator.make_token(account)]))

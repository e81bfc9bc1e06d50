"""For the portal admin who lost phone and recovery codes, and whom no other portal admin can help."""

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.text.addresses import clean_address

from ...models import User
from ...operations.access import remove_second_factors

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Removes the second factors of one user and logs them out everywhere"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=clean_address(email)).first()
        if user is None:
            raise CommandError(f"There is no user with the e-mail address {email}.")
        count = remove_second_factors(user=user)
        logger.warning("Second factors of user %s removed by command: %s", user.pk, count)
        self.stdout.write(f"{count} second factors removed. {user.email} is logged out everywhere.")

"""What the tests of outgoing e-mail share: a clock that is moved by hand, and an e-mail to send."""

from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

from foundation.mail.operations.queue import queue_mail
from tests.cast import NOW

ADDRESS = "saeki@takasaki.example.jp"
TEXT = "佐伯 様\n\n見積をお送りします。\nhttps://portal.example.jp/share/secret-token/\n"


class Clock:
    """Stands still unless told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):
        return self.now

    def go(self, **passed):
        self.now += timedelta(**passed)
        return self.now


def queue(**changes):
    values = {"key": "k1", "to": ADDRESS, "subject": "見積のご送付", "body": TEXT, "about": "thing:1", "now": NOW}
    return queue_mail(**{**values, **changes})


def shown(taken, name):
    """A header with names in it, as mail programs show it."""
    return str(make_header(decode_header(message_from_bytes(taken.source)[name])))

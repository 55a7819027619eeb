"""The ways to tell somebody something: the console, e-mail, a webhook, text messages; each behind `outbox.Channel`.

Which of them a deployment has, and their addresses, come from `HOME/channels.json`; without it there is the console
alone. Nothing is sent to an address that stands not in that file.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import smtplib
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import EmailMessage
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from sizao.desk.store.outbox import Channel, Message, Undeliverable
from sizao.errors import DeskError
from sizao.words import Lang, say
from sizao.words.catalogue import terms

FILE = "channels.json"
TIMEOUT_S = 10
log = logging.getLogger("sizao.outbox")


def text_of(message: Message) -> str:
    """What is told, in both languages, with the name it can be checked by."""
    code = f"notice.{message.code}"
    if code not in terms():
        code = "notice.other"
    told = [
        say(code, lang, **{name: str(value) for name, value in message.slots.items()}) for lang in (Lang.ZH, Lang.EN)
    ]
    return "\n".join([*told, message.reference])


class Console:
    """Writes into the server's own log: for a laptop, a demonstration, a drill."""

    name = "console"

    def send(self, message: Message) -> str:
        """See `Channel.send`."""
        log.warning("%s: %s", message.to, text_of(message))
        return f"console {message.reference}"


class Mail:
    """Sends e-mail through one server; the receiver's address comes from `address_of`."""

    name = "mail"

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told

    def send(self, message: Message) -> str:
        """See `Channel.send`."""
        address = self._told.get("addresses", {}).get(message.to)
        if not address:
            raise Undeliverable("no address on file")
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._told["from"], address, f"四早 Sizao {message.reference}"
        mail.set_content(text_of(message))
        with smtplib.SMTP(self._told["host"], int(self._told.get("port", 25)), timeout=TIMEOUT_S) as server:
            if self._told.get("tls", True):
                server.starttls()
            if self._told.get("user"):
                server.login(self._told["user"], self._told["password"])
            refused = server.send_message(mail)
        if refused:
            raise OSError("refused by the mail server")
        return f"mail {message.reference}"


class Webhook:
    """Posts JSON to one address, signed with a shared secret (HMAC-SHA-256 over the body); text messages go through a
    carrier's hook of this shape."""

    def __init__(self, name: str, told: Mapping[str, Any]) -> None:
        self.name, self._told = name, told
        if urlsplit(told["url"]).scheme != "https" and not told.get("insecure"):
            raise DeskError("D170", channel=name)

    def send(self, message: Message) -> str:
        """See `Channel.send`."""
        body = json.dumps(
            {"to": message.to, "code": message.code, "text": text_of(message), "reference": message.reference},
            ensure_ascii=False,
        ).encode()
        mark = hmac.new(str(self._told["secret"]).encode(), body, hashlib.sha256).hexdigest()
        asked = urllib.request.Request(  # noqa: S310 - the scheme was checked above
            self._told["url"],
            data=body,
            headers={"Content-Type": "application/json", "Sizao-Signature": mark},
            method="POST",
        )
        try:
            with urllib.request.urlopen(asked, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
                return f"{self.name} {answer.status} {message.reference}"
        except urllib.error.HTTPError as refused:
            if refused.code in (400, 404, 410):
                raise Undeliverable(f"{refused.code}") from refused
            raise


@lru_cache(maxsize=1)
def known() -> Mapping[str, Channel]:
    """The channels of this deployment, by name."""
    found: dict[str, Channel] = {"console": Console()}
    path = settings.HOME / FILE
    for name, told in (json.loads(path.read_text("utf-8")) if path.exists() else {}).items():
        found[name] = Mail(told) if told["kind"] == "mail" else Webhook(name, told)
    return found

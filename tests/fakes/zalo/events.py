"""Builds and signs the fake's webhook events and hands them to the delivery in the order it was told."""

from __future__ import annotations

import json
import secrets
from hashlib import sha256

from tests.fakes.zalo.delivery import Delivery
from tests.fakes.zalo.world import Person, Signed, World


class Events:
    """Everything that Zalo tells the webhook; `log` keeps it all, with or without a receiver."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery
        self._held: Signed | None = None
        self.log: list[Signed] = []

    def user(self, person: Person, name: str, message: dict[str, object]) -> Signed:
        """Something that a person sent; opens the free frame."""
        self._world.interacted(person)
        message = {"msg_id": secrets.token_hex(10), **message}
        sides = self._sides(person.user_id, self._world.account.oa_id)
        return self.emit({**sides, "event_name": name, "message": message, **self._common()})

    def relation(self, person: Person, name: str) -> Signed:
        """Follow and unfollow name a follower and no sender."""
        body: dict[str, object] = {
            "oa_id": self._world.account.oa_id,
            "follower": {"id": person.user_id},
            "source": "oa_profile",
        }
        return self.emit({**body, "event_name": name, **self._common()})

    def info(self, person: Person, info: dict[str, object]) -> Signed:
        """The contact that a person shared."""
        self._world.interacted(person)
        sides = self._sides(person.user_id, self._world.account.oa_id)
        return self.emit({**sides, "event_name": "user_submit_info", "info": info, **self._common()})

    def echo(self, person: Person, name: str, message_id: str, text: str, staff: str | None) -> Signed:
        """What the account sent, by the API (no `admin_id`) or by a colleague in the chat tool."""
        sides = self._sides(self._world.account.oa_id, person.user_id)
        if staff is not None:
            sides["sender"] = {"id": self._world.account.oa_id, "admin_id": staff}
        message: dict[str, object] = {"msg_id": message_id, "text": text}
        signed = self.emit({**sides, "event_name": name, "message": message, **self._common()})
        if self._world.switches.receipts and staff is None:
            self.receipt(person, "user_received_message", {"msg_id": message_id})
        return signed

    def receipt(self, person: Person, name: str, message: dict[str, object]) -> Signed:
        """Delivered or seen: the account stands as sender, the person as recipient."""
        sides = self._sides(self._world.account.oa_id, person.user_id)
        return self.emit({**sides, "event_name": name, "message": message, **self._common()})

    def emit(self, event: dict[str, object]) -> Signed:
        """Sign the exact bytes and pass them on, twice, late or spoiled where a switch says so."""
        signed = self.sign(event)
        switches = self._world.switches
        if switches.tamper:
            signed = Signed(
                signed.name, signed.headers, signed.body.replace(b'"event_name"', b'"event_Name"')
            )
        self.log.append(signed)
        if switches.reorder and self._held is None:
            self._held = signed
            return signed
        late, self._held = self._held, None
        for one in (signed, signed) if switches.duplicate else (signed,):
            self._delivery.post(one)
        if late is not None:
            self._delivery.post(late)
        return signed

    def sign(self, event: dict[str, object]) -> Signed:
        """Plain SHA-256 over app id, bytes, the body's timestamp and the secret; not an HMAC."""
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        account = self._world.account
        stamp = str(event.get("timestamp", ""))
        mac = sha256(f"{account.app_id}".encode() + body + f"{stamp}{account.oa_secret}".encode()).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-ZEvent-Signature": self._world.switches.mac_format.format(mac),
        }
        return Signed(str(event.get("event_name", "")), headers, body)

    def _common(self) -> dict[str, object]:
        return {
            "app_id": self._world.account.app_id,
            "user_id_by_app": str(secrets.randbelow(10**18)),
            "timestamp": str(int(self._world.now() * 1000)),
        }

    def _sides(self, sender: str, recipient: str) -> dict[str, object]:
        return {"sender": {"id": sender}, "recipient": {"id": recipient}}

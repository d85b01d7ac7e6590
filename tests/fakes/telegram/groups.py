"""Comings and goings: blocking the bot, deleting an account, groups and their moves."""

from __future__ import annotations

from tests.fakes.telegram.updates import Updates
from tests.fakes.telegram.world import Chat, Raw, World


class Groups:
    """Every method is one act and returns the ids of the updates that it caused."""

    def __init__(self, world: World, updates: Updates) -> None:
        self.world = world
        self.updates = updates

    def _membership(self, user: int, place: Chat, before: str, after: str) -> list[int]:
        me = self.world.me()
        payload = {
            "chat": place.raw(),
            "from": self.world.person(user).raw(),
            "date": int(self.world.clock()),
            "old_chat_member": {"user": me, "status": before} | _until(before),
            "new_chat_member": {"user": me, "status": after} | _until(after),
        }
        number = self.updates.add("my_chat_member", payload, f"chat {place.id}")
        return [] if number is None else [number]

    def block(self, user: int) -> list[int]:
        """Stop the bot."""
        self.world.person(user).blocked = True
        return self._membership(user, self.world.chats[user], "member", "kicked")

    def unblock(self, user: int) -> list[int]:
        """Let it write again."""
        person = self.world.person(user)
        person.blocked, person.started = False, True
        return self._membership(user, self.world.chats[user], "kicked", "member")

    def deactivate(self, user: int) -> list[int]:
        """Delete the account: no update tells."""
        self.world.person(user).deactivated = True
        return []

    def group(self, group: int, title: str = "Tổ dân phố 5", *, privacy: bool = True) -> Chat:
        """A group without the bot; ids are negative, those of supergroups start with -100."""
        kind = "supergroup" if str(group).startswith("-100") else "group"
        made = Chat(group, kind, title, bot_inside=False, privacy=privacy)
        self.world.chats[group] = made
        return made

    def join(self, user: int, group: int) -> list[int]:
        """That person puts the bot into the group (which is made when it is new)."""
        place = self.world.chats.get(group) or self.group(group)
        place.bot_inside = True
        made = self._membership(user, place, "left", "member")
        return made + self._news(user, place, {"new_chat_members": [self.world.me()]})

    def kick(self, user: int, group: int) -> list[int]:
        """That person removes the bot from the group."""
        place = self.world.chats[group]
        place.bot_inside = False
        return self._membership(user, place, "member", "kicked")

    def promote(self, user: int, group: int) -> list[int]:
        """That person makes the bot an administrator, who hears everything."""
        place = self.world.chats[group]
        place.privacy = False
        return self._membership(user, place, "member", "administrator")

    def migrate(self, user: int, group: int) -> int:
        """The group becomes a supergroup; its new id."""
        old = self.world.chats[group]
        new = self.group(int(f"-100{abs(group)}"), old.title, privacy=old.privacy)
        new.bot_inside, old.migrated_to = old.bot_inside, new.id
        self._news(user, old, {"migrate_to_chat_id": new.id})
        self._news(user, new, {"migrate_from_chat_id": old.id})
        return new.id

    def bot_speaks(self, group: int, text: str) -> list[int]:
        """Another bot writes in the group."""
        other = {"id": 555, "is_bot": True, "first_name": "Bot khác", "username": "other_bot"}
        message = self.world.message(self.world.chats[group], other, {"text": text})
        number = self.updates.add("message", message, f"chat {group}")
        return [] if number is None else [number]

    def _news(self, user: int, place: Chat, content: Raw) -> list[int]:
        message = self.world.message(place, self.world.person(user).raw(), content)
        number = self.updates.add("message", message, f"chat {place.id}")
        return [] if number is None else [number]


def _until(status: str) -> Raw:
    return {"until_date": 0} if status == "kicked" else {}

"""Plays a transcript (its notation: tests/script.py): lets people speak, and compares what was answered."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from core.calendar import LOCAL
from core.messages import Choice, Content, Location, MessageKind
from storage.files import Fetched
from storage.statuses import StaffRole
from tests.books import read_books
from tests.script import ROUTES, Entry, Mismatch, Script, read_script
from tests.stage import Sent, Stage

_CODE = r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}"
_RECORDED = {"giọng nói": (True,), "giọng nói hỏng": (False,)}
_KINDS = {
    "giọng nói": MessageKind.VOICE,
    "giọng nói hỏng": MessageKind.VOICE,
    "video": MessageKind.VIDEO,
    "nhãn dán": MessageKind.STICKER,
    "tệp": MessageKind.FILE,
    "danh bạ": MessageKind.PHONE,
    "lạ": MessageKind.UNSUPPORTED,
    "tham gia": MessageKind.JOINED,
    "rời đi": MessageKind.LEFT,
}
_ROLES = {
    "Cán bộ": StaffRole.OFFICER,
    "Lãnh đạo": StaffRole.LEADER,
    "Tổ viên": StaffRole.MEMBER,
    "Giám sát": StaffRole.OVERSEER,
}


class Play:
    """One run of a script on one channel; with `rewrite` it corrects the script instead of failing."""

    def __init__(self, script: Script, stage: Stage, *, rewrite: bool = False, in_full: bool = False) -> None:
        """`in_full`: with `rewrite`, write out what the script leaves to the reader by "…"."""
        self._script, self._stage, self._rewrite, self._in_full = script, stage, rewrite, in_full
        self._names: dict[str, str] = {}
        self._waiting: list[Sent] = []
        self._speaker = ""
        self._at = ""
        self.lines: list[str] = []

    def run(self) -> None:
        """From the first line to the last. Raises Mismatch at the first thing that is otherwise."""
        for entry in self._script.entries:
            self._at = f"{self._script.path.name}:{entry.number} ({self._stage.channel})"
            if entry.role == "Bot":
                self._expect(entry)
            elif entry.role:
                self._nothing_more()
                self._perform(entry)
            else:
                self._keep_comment(entry)
        self._nothing_more()
        if self._rewrite:
            self._write_routes()

    def _keep_comment(self, entry: Entry) -> None:
        if not entry.body.strip():
            self._nothing_more()
        self.lines += entry.lines

    # -------------------------------------------------------------------------------------- what is done

    def _perform(self, entry: Entry) -> None:
        if self._rewrite and entry.role == ROUTES:
            return
        self.lines += entry.lines
        if entry.role == "Lúc":
            moment = datetime.strptime(entry.body.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
            self._stage.now = moment.astimezone(UTC)
            self._waiting = self._stage.deliver()
        elif entry.role in ("Kênh khác", "Quen"):
            receive = self._stage.welcome if entry.role == "Quen" else self._stage.moves_in
            for name in entry.body.split(","):
                receive(name.strip())
        elif entry.role == "Hồ sơ":
            name, _, value = entry.body.partition("=")
            self._stage.profile_says(name.strip(), int(value))
        elif entry.role == "Đồng hồ":
            self._speaker, self._waiting = "", self._stage.rings(entry.body.strip())
        elif entry.role == "Sổ":
            self._check_books(entry.body)
        elif entry.role == ROUTES:
            self._check_routes(entry.body)
        elif entry.role == "Người trực":
            self._stage.takes_over(entry.who)
        elif not entry.who:
            self._enlist(entry)
        else:
            self._speak(entry)

    def _enlist(self, entry: Entry) -> None:
        name, _, place = (part.strip() for part in entry.body.partition("="))
        role = _ROLES[entry.role]
        member = role is StaffRole.MEMBER
        self._stage.enlist(name, role, None if member else place or None, place if member else None)

    def _speak(self, entry: Entry) -> None:
        self._speaker = entry.group or entry.who
        text = self._filled(entry.body)
        form = re.match(r"\[([^\]]+)\] ?", text)
        group = entry.group or None
        if form is None:
            self._waiting = self._stage.says(entry.who, text, group=group)
            return
        self._waiting = self._act(entry.who, group, form[1], text[form.end() :])

    def _act(self, who: str, group: str | None, form: str, rest: str) -> list[Sent]:
        stage = self._stage
        verb, _, value = form.partition(" ")
        photos = re.fullmatch(r"(?:(\d+) )?ảnh", form)
        if photos:
            count = int(photos[1] or 1)
            return stage.does(who, MessageKind.PHOTO, group=group, photos=count, text=rest)
        if form == "ảnh hỏng":
            return stage.does(who, MessageKind.PHOTO, group=group, failed_photos=1, text=rest)
        if form.startswith("vị trí "):
            latitude, longitude = (float(part) for part in form.removeprefix("vị trí ").split(","))
            spot = Location(latitude, longitude)
            return stage.does(who, MessageKind.LOCATION, group=group, location=spot)
        if verb == "chạm":
            return stage.taps(who, value, group=group)
        if form == "sửa":
            return stage.does(who, MessageKind.EDITED, group=group, text=rest)
        if form == "sửa tin cuối":
            same = f"m{stage.last_number}"
            return stage.does(who, MessageKind.EDITED, group=group, text=rest, message_ids=(same,))
        if form.startswith("quét mã "):
            start = form.removeprefix("quét mã ")
            return stage.does(who, MessageKind.TEXT, group=group, text="/start", start=start)
        if form.startswith("trả lời phiếu ") and form.endswith(" kèm ảnh"):
            behind = self._find_sent(group or who, form.split()[3]).external_id
            return stage.does(who, MessageKind.PHOTO, group=group, photos=1, text=rest, reply_to=behind)
        if form.startswith("trả lời phiếu "):
            return stage.replies(who, rest, group=group, to=self._find_sent(group or who, form.split()[-1]))
        if form == "trả lời tin cuối":
            return stage.replies(who, rest, group=group, to=stage.person(group or who).screen[-1])
        kind = _KINDS.get(verb if verb == "tệp" else form)
        if kind is not None:
            told = {"recordings": _RECORDED.get(form, ()), "document": _document(value)}
            return stage.does(who, kind, group=group, text=rest, **told)
        raise Mismatch(f"{self._at}: không biết [{form}]")

    def _find_sent(self, name: str, code: str) -> Sent:
        screen = self._stage.person(name).screen
        named = [sent for sent in reversed(screen) if code in sent.content.text]
        # A list of tickets names the code too, but only what belongs to the ticket can be answered.
        found = next((sent for sent in named if sent.ticket_id is not None), None)
        if found is None:
            raise Mismatch(f"{self._at}: {name} không có tin nào về {code}")
        return found

    def _filled(self, text: str) -> str:
        for name, value in self._names.items():
            text = text.replace("{" + name + "}", value)
        return text

    # ---------------------------------------------------------------------------------- what is expected

    def _expect(self, entry: Entry) -> None:
        expected = [entry.body, *(line[2:] for line in entry.lines[1:])]
        if not self._waiting:
            if self._rewrite:
                return
            raise Mismatch(f"{self._at}: chờ «{entry.body}» mà bot im lặng")
        sent = self._waiting.pop(0)
        shown = self._shown(sent)
        right_person = self._is_for(sent, entry.to)
        same = right_person and self._same("\n".join(expected).strip(), shown)
        if same and not self._in_full:
            self.lines += entry.lines
        elif self._rewrite:
            self._write(sent)
        else:
            who = "" if right_person else f" (gửi cho {sent.to})"
            raise Mismatch(f"{self._at}: chờ\n{chr(10).join(expected)}\nmà bot nói{who}\n{shown}")

    def _is_for(self, sent: Sent, to: str) -> bool:
        wanted = (
            re.sub(r"^(?:Cán bộ|Lãnh đạo|Tổ viên|Giám sát|Dân|Nhóm) ", "", to).strip("()") or self._speaker
        )
        return sent.to == wanted

    def _nothing_more(self) -> None:
        for sent in self._waiting:
            if not self._rewrite:
                raise Mismatch(f"{self._at}: trước dòng này bot còn nói với {sent.to}\n{self._shown(sent)}")
            self._write(sent)
        self._waiting = []

    def _shown(self, sent: Sent) -> str:
        lines = [line.strip() for line in sent.content.text.splitlines()]
        lines += [f"[hình: {one.alt}]" for one in sent.content.pictures if one.chart is not None]
        photos = [one for one in sent.content.pictures if one.chart is None]
        if photos:
            lines.append(f"[{len(photos)} ảnh]")
        if sent.content.choices:
            lines.append(_titles(sent.content))
        return "\n".join(line for line in lines if line)

    def _same(self, expected: str, shown: str) -> bool:
        lines = [line.strip() for line in expected.splitlines() if line.strip()]
        pattern, fresh = "", []
        for part in re.split(r"(…|\{[^}]+\})", "\n".join(lines)):
            name = part[1:-1] if part.startswith("{") else ""
            if part == "…":
                pattern += r".*?"
            elif name in self._names:
                pattern += re.escape(self._names[name])
            elif name:
                pattern += f"({_CODE if name.startswith('mã') else '.+?'})"
                fresh.append(name)
            else:
                pattern += re.escape(part)
        found = re.fullmatch(pattern, shown, re.DOTALL)
        if found is None:
            return False
        self._names.update(zip(fresh, found.groups(), strict=True))
        return True

    def _write(self, sent: Sent) -> None:
        """The answer as it is now, in the form of a transcript, for a person to review."""
        text = self._shown(sent)
        for code in re.findall(_CODE, text):
            if code not in self._names.values() and not code.startswith("7K3M-9Q2F"):
                count = sum(name.startswith("mã") for name in self._names)
                self._names[f"mã{count + 1}" if count else "mã"] = code
        for name, value in self._names.items():
            text = text.replace(value, "{" + name + "}")
        text = re.sub(r"(Đọc qua điện thoại: ).*", r"\1…", text)
        text = re.sub(r"(/van-ban/)[\w-]+", r"\1…", text)
        first, *rest = text.splitlines()
        head = "Bot" if sent.to == self._speaker else f"Bot → {sent.to}"
        self.lines += [f"{head}: {first}", *(f"  {line}" for line in rest)]

    # ----------------------------------------------------------------------------------------- the routes

    def _check_routes(self, wanted: str) -> None:
        """Where a channel shows no buttons a number is typed, so that the web chat alone tells the routes."""
        taken = self._routes_taken()
        if self._stage.channel == "webchat" and wanted.split() != taken:
            raise Mismatch(f"{self._at}: chờ đường «{wanted}» mà đi {' '.join(taken)}")

    def _routes_taken(self) -> list[str]:
        return sorted(set(self._stage.routes))

    def _write_routes(self) -> None:
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()
        self.lines.append(f"{ROUTES}: {' '.join(self._routes_taken())}")

    # ------------------------------------------------------------------------------------------ the books

    def _check_books(self, wanted: str) -> None:
        facts = self._stage.read(read_books)
        for name, like, quoted, bare in re.findall(r'([^\s="][^="]*?)=(~?)(?:"([^"]*)"|(\S+))', wanted):
            value = like + self._filled(quoted or bare)
            real = facts.get(name.strip())
            if real is None:
                raise Mismatch(f"{self._at}: sổ không ghi «{name}»; có {', '.join(facts)}")
            right = value[1:] in real if value.startswith("~") else value == real
            if not right:
                raise Mismatch(f"{self._at}: sổ ghi {name}={real}, chờ {value}")


def _document(form: str) -> Fetched | None:
    """«Lịch tiêm.pdf 320 KB»: what was fetched; «không nhận: macro»: why it was not kept."""
    if not form.endswith(" KB") and not form.startswith("không nhận: "):
        return None
    why = form.removeprefix("không nhận: ")
    if why != form:
        return Fetched("file", None, refusal=why)
    title, size = form.removesuffix(" KB").rsplit(" ", 1)
    name = f"{len(title):032x}.{title.rpartition('.')[2]}"
    return Fetched("file", name, size=int(size) * 1024, title=title.rpartition(".")[0])


def _titles(content: Content) -> str:
    """The choices of a message on one line."""
    return " ".join(f"[{_title(choice)}]" for choice in content.choices)


def _title(choice: Choice) -> str:
    return f"{choice.title} → {choice.url}" if choice.url else choice.title


def play(path: Path, channel: str) -> None:
    """Play a transcript on a channel. Raises Mismatch."""
    stage = Stage(channel)
    try:
        Play(read_script(path), stage).run()
    finally:
        stage.close()


def perform(path: Path) -> str:
    """The transcript with every answer in full, as it is said on the web chat. Raises Mismatch."""
    stage = Stage()
    performance = Play(read_script(path), stage, rewrite=True, in_full=True)
    try:
        performance.run()
    finally:
        stage.close()
    return "\n".join(performance.lines)


def update(path: Path) -> str:
    """Rewrite the answers of a transcript as they are now; returns a line for the terminal."""
    stage = Stage()
    performance = Play(read_script(path), stage, rewrite=True)
    try:
        performance.run()
    except AssertionError as problem:
        # What was played so far shows where the story went another way; the file stays as it is.
        return "\n".join([*performance.lines, f"{path.name}: {problem}"])
    finally:
        stage.close()
    text = "\n".join(performance.lines) + "\n"
    changed = text != path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    return f"{path.name}: {'đã sửa' if changed else 'không đổi'}"

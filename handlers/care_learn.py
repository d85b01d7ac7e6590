"""What people asked and nobody could answer, one cluster at a time: a way of asking, an entry, or not ours."""

from __future__ import annotations

from datetime import datetime

from core.calendar import local_date, spoken_date
from core.masking import COVER
from core.messages import Choice, Content
from faq.entry import Entry
from handlers.care_draft import drop_choice, start_new, start_way
from handlers.care_entries import search
from handlers.care_preview import preview
from handlers.care_rights import LEADERS, CareRefused, caretaker, keeper_name, may_change
from handlers.care_show import FLOW
from handlers.learning import departments_of, gather_unanswered
from handlers.turn import Turn
from storage.clusters import count_open, is_open, list_open, lock_cluster, settle
from storage.models import QuestionCluster, Staff
from storage.statuses import ClusterStatus, StaffRole

WHICH = "learn"
_PAGE = 8
_NEAR = 3


def show_unanswered(turn: Turn) -> None:
    """The clusters that wait, the most asked first; what came in since the last look is among them."""
    staff = _officer(turn)
    gather_unanswered(turn.session, turn.house, turn.now)
    waiting = list_open(turn.session, departments_of(staff), _PAGE)
    asked = turn.choice("learn.button.asked", "care.asked")
    if not waiting:
        return turn.say("learn.none", choices=[asked])
    count = count_open(turn.session, departments_of(staff))
    choices = [Choice(_title(turn, one), f"care.learn:{one.id}") for one in waiting]
    return turn.say("learn.list", choices=[*choices, asked], count=count)


def show_cluster(turn: Turn, cluster_id: int) -> None:
    """How it was asked, how often, what comes nearest; and the three things to make of it."""
    cluster = _waiting(turn, cluster_id)
    near = turn.house.library.find(cluster.entry)
    lines = [
        turn.words(
            "learn.card", count=cluster.count, first=_day(cluster.first_at), last=_day(cluster.last_at)
        )
    ]
    lines += [turn.words("learn.example", text=text) for text in cluster.examples]
    lines.append(turn.words("learn.near", question=near.question) if near else turn.words("learn.near_none"))
    owned = cluster.department != LEADERS
    owner = keeper_name(turn.house, cluster.department)
    lines.append(turn.words("learn.owner", owner=owner) if owned else turn.words("learn.owner_none"))
    names = ("alias", "entry", "out")
    choices = [turn.choice(f"learn.button.{name}", f"care.learn_{name}:{cluster.id}") for name in names]
    turn.reply(Content("\n".join(lines), (*choices, _next(turn))))


def show_next(turn: Turn) -> None:
    """The most asked one that waits."""
    waiting = list_open(turn.session, departments_of(_officer(turn)), 1)
    return show_cluster(turn, waiting[0].id or 0) if waiting else show_unanswered(turn)


def ask_entry(turn: Turn, cluster_id: int) -> None:
    """Which entry this is another way of asking for: the nearest ones, or words to look for others."""
    cluster = _waiting(turn, cluster_id)
    turn.end()
    turn.go(FLOW, WHICH, cluster=[cluster_id, ClusterStatus.ALIAS.value])
    near = turn.house.library.find(cluster.entry)
    ranked = turn.house.matcher.match(_phrase(cluster)).ranked
    found = [near, *(turn.house.library.find(entry_id) for entry_id, _ in ranked)]
    entries = list(dict.fromkeys(one for one in found if one is not None and one.answer))[:_NEAR]
    _offer(turn, cluster, entries, turn.words("learn.which", text=_phrase(cluster)))


def find_entry(turn: Turn, words: str) -> None:
    """Other entries for the words that were typed while one is to be chosen."""
    cluster = _waiting(turn, _cluster_of(turn))
    found = search(turn, words)[:_PAGE]
    _offer(turn, cluster, found, turn.words("learn.found" if found else "learn.found_none"))


def choose_entry(turn: Turn, cluster_id: int, entry_id: str) -> None:
    """Its best example becomes a way of asking for this entry: seen as a whole, then sent to a second person."""
    cluster = _waiting(turn, cluster_id)
    start_way(turn, entry_id, _phrase(cluster), [cluster_id, ClusterStatus.ALIAS.value])
    preview(turn)


def start_entry(turn: Turn, cluster_id: int, status: ClusterStatus = ClusterStatus.ENTRY) -> None:
    """A new entry that knows already how people ask; out of scope it says where to go instead."""
    cluster = _waiting(turn, cluster_id)
    ways = [text for text in cluster.examples if COVER not in text]
    head = "learn.new_head" if status is ClusterStatus.ENTRY else "learn.stub_head"
    start_new(turn, turn.words(head, text=_phrase(cluster)), ways, [cluster_id, status.value])


def ask_out(turn: Turn, cluster_id: int) -> None:
    """Not ours: only noted, or with an answer that says where to go."""
    cluster = _waiting(turn, cluster_id)
    names = ("out_only", "out_where")
    choices = [turn.choice(f"learn.button.{name}", f"care.learn_{name}:{cluster_id}") for name in names]
    back = turn.choice("learn.button.back", f"care.learn:{cluster_id}")
    turn.say("learn.out", choices=[*choices, back], text=_phrase(cluster))


def put_out(turn: Turn, cluster_id: int) -> None:
    """Noted as not ours: it comes on no list again, its count goes on."""
    staff, cluster = _officer(turn), _waiting(turn, cluster_id)
    settle(turn.session, cluster, ClusterStatus.OUT_OF_SCOPE, staff.id or 0, turn.now)
    again = turn.choice("learn.button.again", f"care.learn_again:{cluster_id}")
    turn.say("learn.put_out", choices=[_next(turn), again], text=_phrase(cluster))


def take_back(turn: Turn, cluster_id: int) -> None:
    """It waits again."""
    staff, cluster = _officer(turn), _find(turn, cluster_id)
    if cluster.status == ClusterStatus.OUT_OF_SCOPE and cluster.revision_id is None:
        settle(turn.session, cluster, ClusterStatus.OPEN, staff.id or 0, turn.now)
    show_cluster(turn, cluster_id)


def _officer(turn: Turn) -> Staff:
    staff = caretaker(turn)
    if staff.role == StaffRole.MEMBER:
        raise CareRefused("care.member")
    return staff


def _find(turn: Turn, cluster_id: int) -> QuestionCluster:
    """One cluster of this person's reach. Raises CareRefused."""
    staff = _officer(turn)
    cluster = lock_cluster(turn.session, cluster_id) if 0 < cluster_id < 2**31 else None
    if cluster is None or not (cluster.department == LEADERS or may_change(staff, cluster.department)):
        raise CareRefused("learn.not_yours")
    return cluster


def _waiting(turn: Turn, cluster_id: int) -> QuestionCluster:
    cluster = _find(turn, cluster_id)
    if not is_open(turn.session, cluster):
        raise CareRefused("learn.settled", status=turn.words(f"learn.status.{cluster.status}"))
    return cluster


def _cluster_of(turn: Turn) -> int:
    return int((turn.data.get("cluster") or [0])[0])


def _offer(turn: Turn, cluster: QuestionCluster, entries: list[Entry], text: str) -> None:
    choices = [Choice(one.question, f"care.learn_to:{cluster.id}:{one.id}") for one in entries]
    turn.reply(Content(text, (*choices, drop_choice(turn))))


def _phrase(cluster: QuestionCluster) -> str:
    """The best example as one line; with a semicolon it would be read as two."""
    return (cluster.examples[0] if cluster.examples else "").replace(";", ",")


def _day(moment: datetime) -> str:
    return spoken_date(local_date(moment))


def _title(turn: Turn, cluster: QuestionCluster) -> str:
    return turn.words("learn.title", count=cluster.count, text=_phrase(cluster))


def _next(turn: Turn) -> Choice:
    return turn.choice("learn.button.next", "care.learn_next")

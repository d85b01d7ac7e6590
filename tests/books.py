"""What a transcript may claim about the database, in the words of an office."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from core.calendar import LOCAL
from storage.inbox import REDACTED
from storage.models import (
    AskedQuestion,
    Conversation,
    InboxItem,
    OwnReminder,
    StoredFile,
    Subscription,
    Ticket,
    TicketEvent,
)


def read_books(session: Session) -> dict[str, str]:
    """What a transcript may claim about the database; the newest ticket, the newest question speak for all."""
    ticket = session.exec(select(Ticket).order_by(col(Ticket.id).desc())).first()
    item = session.exec(select(InboxItem).order_by(col(InboxItem.id).desc())).first()

    asked = session.exec(select(AskedQuestion).order_by(col(AskedQuestion.id).desc())).first()

    def count(*wanted: object) -> str:
        return str(session.exec(select(func.count()).select_from(wanted[0]).where(*wanted[1:])).one())  # type: ignore[call-overload]

    own = (StoredFile.ticket_id == ticket.id) if ticket else (StoredFile.ticket_id == -1)
    return {
        "phiếu": count(Ticket),
        "sự kiện": count(TicketEvent),
        "nhận tin": count(Subscription, col(Subscription.ended_at).is_(None)),
        "tự nhắc": count(OwnReminder),
        "đang viết": count(Conversation, col(Conversation.flow).is_not(None)),
        "hộp thư": "đã xóa" if item and item.raw == REDACTED else "còn",
        "trạng thái": ticket.status if ticket else "",
        "nguồn": ticket.source if ticket else "",
        "mã ngoài": (ticket.outside_code or "không") if ticket else "",
        "gửi giúp": (ticket.on_behalf_of or "không") if ticket else "",
        "liên hệ": (ticket.reach or "không") if ticket else "",
        "đồng ý": ("có" if ticket.consent_at else "không") if ticket else "",
        "giữ tên": ticket.privacy if ticket else "",
        "nhóm": ticket.category if ticket else "",
        "đơn vị": ticket.department if ticket else "",
        "khu vực": (ticket.area or "không") if ticket else "",
        "nơi": (ticket.place or "không") if ticket else "",
        "vị trí": ("có" if ticket.latitude is not None else "không") if ticket else "",
        "nội dung": ticket.text if ticket else "",
        "ảnh": count(StoredFile, own, StoredFile.kind != "voice"),
        "ghi âm": count(StoredFile, own, StoredFile.kind == "voice"),
        **_asked(asked, count(AskedQuestion)),
        "hạn": ticket.due_at.astimezone(LOCAL).strftime("%Y-%m-%d") if ticket else "",
    }


def _asked(asked: AskedQuestion | None, count: str) -> dict[str, str]:
    """The newest question that was counted."""
    texts = ("decision", "entry", "nearest", "verdict", "reason", "remark", "words")
    names = ("quyết định", "mục", "gần", "đánh giá", "lý do", "nhận xét", "lời")
    said = {
        name: (getattr(asked, text) if asked else "") or "không"
        for name, text in zip(names, texts, strict=True)
    }
    return {"câu hỏi": count, **said}

"""/xuat: what is kept for a link, and what is said where no link could be opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from storage.models import Download
from storage.statuses import StaffRole
from tests.handlers_staff.office import Office
from tests.props import sample_house
from tests.stage import Stage


def test_a_link_keeps_the_period_as_moments_and_ends_after_half_an_hour() -> None:
    office = Office.open()
    office.file()
    office.stage.deliver()
    (said,) = office.stage.says("Minh", "/xuat KT 11/2026")
    with office.stage.session() as session:
        (row,) = session.exec(select(Download)).all()
    assert (row.department, row.expires_at - row.created_at) == ("KT", timedelta(minutes=30))
    assert (row.since, row.until) == (
        datetime(2026, 10, 31, 17, tzinfo=UTC),
        datetime(2026, 11, 30, 17, tzinfo=UTC),
    )
    token = said.content.text.split("/tai-ve/")[1].split()[0]
    assert len(token) == 43
    assert row.token_hash not in (token, "")


def test_without_a_public_address_the_person_hears_what_the_operator_must_do() -> None:
    stage = Stage(house=replace(sample_house(), public_url=""))
    stage.enlist("Minh", StaffRole.LEADER)
    (said,) = stage.says("Minh", "/xuat")
    assert "NGHEDAN_PUBLIC_URL" in said.content.text
    with stage.session() as session:
        assert session.exec(select(Download)).all() == []

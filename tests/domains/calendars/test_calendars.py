"""The hours of the service: who may change them, what is refused, and what they come to in seconds."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from careloop.domains.calendars import queries, services
from careloop.domains.calendars.errors import (
    BadCalendarSettings,
    BadDay,
    CalendarInUse,
    CalendarNameTaken,
    CalendarNotFound,
    CalendarUnchanged,
    DayNotFound,
    MayNotChangeCalendars,
)
from careloop.domains.calendars.types import CalendarSettings, DayRow
from careloop.kernel.events import trail
from careloop.kernel.hours import Calendar, Span, add_open_seconds, is_open
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House

pytestmark = pytest.mark.database
MORNING = Span(opens=time(9), closes=time(12))
AFTERNOON = Span(opens=time(13), closes=time(18))
WHOLE = Span(opens=time(9), closes=time(18))


def settings(
    name: str = "Phone",
    *,
    zone: str = "Asia/Seoul",
    days: int = 5,
    spans: tuple[Span, ...] = (MORNING, AFTERNOON),
    country: str = "KR",
    subdivision: str = "",
) -> CalendarSettings:
    weekly = tuple(spans if weekday < days else () for weekday in range(7))
    return CalendarSettings(name=name, zone=zone, weekly=weekly, country=country, subdivision=subdivision)


def made(house: House, **wishes: object) -> int:
    return services.create_calendar(settings=settings(**wishes), actor=house.actor("mina"), at=NOW)  # type: ignore[arg-type]


def hours_of(calendar: int) -> Calendar:
    return queries.hours_by_id(at=NOW)[calendar]


def seoul(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=9)


class TestCalendar:
    def test_is_made_changed_and_retired(self, north: House) -> None:
        mina = north.actor("mina")
        calendar = made(north)

        services.change_calendar(calendar_id=calendar, settings=settings(days=6), actor=mina, at=NOW)
        assert len(queries.calendar_of(mina, calendar_id=calendar).settings.weekly[5]) == 2
        services.retire_calendar(calendar_id=calendar, actor=mina, at=NOW)

        with pytest.raises(CalendarNotFound):
            queries.calendar_of(mina, calendar_id=calendar)
        names = [recorded.name for recorded in trail(limit=3)]
        assert names == ["calendar.retired", "calendar.changed", "calendar.created"]

    def test_says_what_was_changed_and_nothing_else(self, north: House) -> None:
        calendar = made(north, spans=(WHOLE,))

        services.change_calendar(
            calendar_id=calendar, settings=settings(spans=(WHOLE,), country="VN"), actor=north.actor("olga"), at=NOW
        )

        (changed,) = trail(limit=1)
        assert (changed.event.before, changed.event.after) == ({"country": "KR"}, {"country": "VN"})  # type: ignore[attr-defined]
        with pytest.raises(CalendarUnchanged):
            services.change_calendar(
                calendar_id=calendar, settings=settings(spans=(WHOLE,), country="VN"), actor=north.actor("olga"), at=NOW
            )

    @pytest.mark.parametrize("name", ["anh", "grace", "ada", "cole", "vera"])
    def test_is_read_by_all_and_changed_by_owners_and_managers(self, north: House, name: str) -> None:
        calendar, somebody = made(north), north.actor(name)

        for refused in (
            lambda: services.create_calendar(settings=settings("Mine"), actor=somebody, at=NOW),
            lambda: services.change_calendar(calendar_id=calendar, settings=settings("Mine"), actor=somebody, at=NOW),
            lambda: services.retire_calendar(calendar_id=calendar, actor=somebody, at=NOW),
            lambda: services.use_calendar(calendar_id=calendar, actor=somebody, at=NOW),
            lambda: services.set_day(
                calendar_id=calendar, day=DayRow(date=date(2026, 12, 24), name="Eve"), actor=somebody, at=NOW
            ),
            lambda: services.clear_day(calendar_id=calendar, day=date(2026, 12, 24), actor=somebody, at=NOW),
        ):
            with pytest.raises(MayNotChangeCalendars):
                refused()

        assert [row.settings.name for row in queries.calendars_of(somebody)] == ["Phone"]

    def test_is_not_there_for_strangers(self, house: House) -> None:
        with workspace_scope(house.north):
            calendar = made(house)
        with workspace_scope(house.south):
            ines = house.actor("ines")
            assert queries.calendars_of(ines) == []
            assert calendar not in queries.hours_by_id(at=NOW)
            with pytest.raises(CalendarNotFound):
                queries.calendar_of(ines, calendar_id=calendar)
            with pytest.raises(CalendarNotFound):
                services.set_day(
                    calendar_id=calendar, day=DayRow(date=date(2026, 12, 24), name="Eve"), actor=ines, at=NOW
                )

    def test_has_a_name_of_its_own_while_in_use(self, north: House) -> None:
        calendar = made(north)
        with pytest.raises(CalendarNameTaken):
            made(north)

        services.retire_calendar(calendar_id=calendar, actor=north.actor("olga"), at=NOW)

        assert made(north) != calendar

    @pytest.mark.parametrize(
        ("wishes", "field", "sentence"),
        [
            ({"name": "  "}, "name", "1 to 80 characters"),
            ({"zone": "Asia/Soul"}, "zone", "no time zone named “Asia/Soul”"),
            ({"days": 0}, "weekly", "at least one weekday"),
            ({"spans": (WHOLE, AFTERNOON)}, "weekly", "09:00 overlap the hours from 13:00"),
            ({"country": "XX"}, "country", "one of the countries"),
            ({"country": "KR", "subdivision": "BY"}, "subdivision", "one of the regions"),
        ],
    )
    def test_says_what_cannot_be(self, north: House, wishes: dict[str, object], field: str, sentence: str) -> None:
        with pytest.raises(BadCalendarSettings) as refused:
            made(north, **wishes)

        assert set(refused.value.fields) == {field}
        assert sentence in str(refused.value.fields[field])
        assert queries.calendars_of(north.actor("mina")) == []


class TestOwnHours:
    def test_are_there_once_however_often_they_are_set_up(self, north: House) -> None:
        for name in ("Opening hours", "Again"):
            services.set_up(name=name, zone="Asia/Seoul", actor=north.actor("olga"), at=NOW)

        (row,) = queries.calendars_of(north.actor("ada"))
        assert (row.settings.name, row.is_default) == ("Opening hours", True)

    def test_pass_to_another_calendar_and_are_never_without_one(self, north: House) -> None:
        olga = north.actor("olga")
        services.set_up(name="Opening hours", zone="Asia/Seoul", actor=olga, at=NOW)
        (first,) = queries.calendars_of(olga)
        second = made(north)

        with pytest.raises(CalendarInUse):
            services.retire_calendar(calendar_id=first.id, actor=olga, at=NOW)
        services.use_calendar(calendar_id=second, actor=olga, at=NOW)
        services.retire_calendar(calendar_id=first.id, actor=olga, at=NOW)

        assert [(row.id, row.is_default) for row in queries.calendars_of(olga)] == [(second, True)]
        with pytest.raises(CalendarUnchanged):
            services.use_calendar(calendar_id=second, actor=olga, at=NOW)


class TestDay:
    def test_of_every_year_comes_from_its_own_on_unless_a_date_has_hours_for_itself(self, north: House) -> None:
        mina, calendar = north.actor("mina"), made(north)
        for day in (
            DayRow(date=date(2026, 11, 17), name="Founded", is_yearly=True),
            DayRow(date=date(2028, 2, 29), name="Leap day", is_yearly=True),
            DayRow(date=date(2027, 11, 17), name="Fair", spans=(MORNING,)),
        ):
            services.set_day(calendar_id=calendar, day=day, actor=mina, at=NOW)

        def is_open_on(year: int, month: int, day: int) -> bool:
            with_years = queries.hours_of(queries.calendar_of(mina, calendar_id=calendar), at=seoul(11, 2, 9))
            return is_open(with_years, datetime(year, month, day, 10, tzinfo=ZoneInfo("Asia/Seoul")))

        row = queries.calendar_of(mina, calendar_id=calendar)
        assert [is_open_on(year, 11, 17) for year in (2025, 2026, 2027, 2028)] == [True, False, True, False]
        assert [is_open_on(*day) for day in ((2027, 3, 1), (2028, 2, 28), (2028, 2, 29))] == [False, True, False]
        unusual = queries.unusual_days(
            row, since=seoul(11, 1, 9), until=datetime(2028, 12, 1, tzinfo=UTC), language="en"
        )
        own = [day for day in unusual if day.name in {"Founded", "Fair", "Leap day"}]
        assert [(day.date, day.is_worked) for day in own] == [
            (date(2026, 11, 17), False),
            (date(2027, 11, 17), True),
            (date(2028, 2, 29), False),
            (date(2028, 11, 17), False),
        ]

    def test_has_hours_of_its_own_until_it_is_cleared(self, north: House) -> None:
        mina, calendar = north.actor("mina"), made(north)
        day = DayRow(date=date(2026, 11, 17), name="Moving house", spans=(MORNING,))

        services.set_day(calendar_id=calendar, day=day, actor=mina, at=NOW)
        assert not is_open(hours_of(calendar), seoul(11, 17, 14))
        assert queries.calendar_of(mina, calendar_id=calendar).days == (day,)
        services.clear_day(calendar_id=calendar, day=day.date, actor=mina, at=NOW)

        assert is_open(hours_of(calendar), seoul(11, 17, 14))
        with pytest.raises(DayNotFound):
            services.clear_day(calendar_id=calendar, day=day.date, actor=mina, at=NOW)

    def test_replaces_what_was_said_about_it(self, north: House) -> None:
        mina, calendar = north.actor("mina"), made(north)
        for name, spans in (("Closed", ()), ("Open after all", (WHOLE,))):
            services.set_day(
                calendar_id=calendar, day=DayRow(date=NOW.date(), name=name, spans=spans), actor=mina, at=NOW
            )

        (day,) = queries.calendar_of(mina, calendar_id=calendar).days
        assert day.name == "Open after all"

    @pytest.mark.parametrize(
        ("day", "field"),
        [
            (DayRow(date=NOW.date(), name=""), "name"),
            (DayRow(date=NOW.date(), name="Odd", spans=(WHOLE, MORNING)), "hours"),
        ],
    )
    def test_says_what_cannot_be(self, north: House, day: DayRow, field: str) -> None:
        calendar = made(north)

        with pytest.raises(BadDay) as refused:
            services.set_day(calendar_id=calendar, day=day, actor=north.actor("mina"), at=NOW)

        assert set(refused.value.fields) == {field}


class TestHolidays:
    def test_are_closed_and_their_substitutes_too(self, north: House) -> None:
        hours = hours_of(made(north))

        assert not is_open(hours, seoul(9, 25, 10))  # Chuseok, a Friday
        assert not is_open(hours, seoul(10, 5, 10))  # a Monday, for Foundation Day on Saturday
        assert is_open(hours, seoul(10, 6, 10))

    def test_weekends_worked_for_them_are_open(self, north: House) -> None:
        hours = hours_of(made(north, zone="Asia/Shanghai", country="CN"))

        friday = datetime(2026, 2, 13, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai, the last Friday before Spring Festival
        assert add_open_seconds(hours, friday, 3600) == datetime(2026, 2, 14, 1, 30, tzinfo=UTC)
        assert not is_open(hours, datetime(2026, 2, 20, 2, tzinfo=UTC))

    def test_give_way_to_hours_of_ones_own(self, north: House) -> None:
        calendar = made(north)
        services.set_day(
            calendar_id=calendar,
            day=DayRow(date=date(2026, 9, 25), name="We are there at Chuseok", spans=(MORNING,)),
            actor=north.actor("mina"),
            at=NOW,
        )

        assert is_open(hours_of(calendar), seoul(9, 25, 10))

    @pytest.mark.parametrize(
        ("language", "name"),
        [("ko", "기독탄신일"), ("en", "Christmas Day"), ("vi", "Christmas Day"), ("zh-hans", "Christmas Day")],
    )
    def test_are_named_in_the_readers_language_or_in_english(self, north: House, language: str, name: str) -> None:
        row = queries.calendar_of(north.actor("ada"), calendar_id=made(north))

        upcoming = queries.upcoming_holidays(row, at=NOW, language=language)

        assert (date(2026, 12, 25), name) in [(holiday.date, holiday.name) for holiday in upcoming]

    def test_are_nobodys_where_no_country_is_chosen(self, north: House) -> None:
        calendar = made(north, country="")

        assert is_open(hours_of(calendar), seoul(9, 25, 10))
        assert (
            queries.upcoming_holidays(
                queries.calendar_of(north.actor("ada"), calendar_id=calendar), at=NOW, language="en"
            )
            == []
        )

"""What a client is billed for."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.common import Asked, Given, Shown

Month = Annotated[str, Field(pattern=r"^2[01]\d\d-(0[1-9]|1[0-2])$", description="YYYY-MM")]


class AmountsShown(Shown):
    """unmeasured: contacts whose handled time no source gives. kept, made: promises."""

    contacts: int
    unmeasured: int
    handled_seconds: float
    kept: int
    made: int


class StatementShown(Shown):
    """corrections: what earlier months come to more or less than was stated of them."""

    month: str
    own: AmountsShown
    corrections: AmountsShown
    correction_count: int
    row_count: int
    zone: str
    issued_at: datetime
    issuer_id: int | None
    complete_until: datetime | None


class StatementList(Shown):
    items: list[StatementShown]


class StatementGiven(Given):
    month: Month


class LineShown(Shown):
    """A contact or a promise. month: an earlier one for a correction. kind: contact, resolution, first_response or callback."""

    month: str
    kind: str
    item_id: str
    contact_id: str | None
    case_id: str | None
    at: datetime | None
    channel: str | None
    basis: str
    contacts: int
    unmeasured: int
    handled_s: float
    kept: int
    made: int


class LineList(Shown):
    """next_page: null at the end."""

    items: list[LineShown]
    next_page: int | None


class LineAsked(Asked):
    """kind: contact or commitment of the month itself, or correction; empty for all rows of the file."""

    kind: Literal["", "contact", "commitment", "correction"] = ""
    page: Annotated[int, Field(ge=0, le=100_000)] = 0
    limit: Annotated[int, Field(ge=1, le=1000, description="Rows on the page.")] = 200

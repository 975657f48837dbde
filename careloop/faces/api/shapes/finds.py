"""What a search finds."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from careloop.faces.api.shapes.cases import CaseShown
from careloop.faces.api.shapes.common import Asked, Shown
from careloop.faces.api.shapes.customers import CustomerShown

__all__ = ["FindsShown", "SearchAsked"]


class SearchAsked(Asked):
    query: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    limit: Annotated[int, Field(ge=1, le=50, description="Of each kind.")] = 20


class SegmentOfText(Shown):
    """A part of a snippet. is_hit: whether the search asked for it."""

    text: str
    is_hit: bool


class WordsFound(Shown):
    """A message or a note that holds the words. who: its writer, or empty for the house."""

    is_note: bool
    who: str
    at: datetime
    case_number: int
    segments: list[SegmentOfText]


class FindsShown(Shown):
    """The newest of each kind first."""

    cases: list[CaseShown]
    words: list[WordsFound]
    customers: list[CustomerShown]

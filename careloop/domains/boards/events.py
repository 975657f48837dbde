from careloop.kernel.events import Event, event_type

__all__ = ["BoardChanged", "BoardDeleted", "BoardMade", "TableExported"]


@event_type("board.made")
class BoardMade(Event):
    """A board was made. is_shared: for everybody in the workspace. copied_from: the key of the board it copies, or empty."""

    is_shared: bool
    copied_from: str


@event_type("board.changed")
class BoardChanged(Event):
    """A board changed. change: settings, tile_added, tile_changed, tile_moved or tile_removed."""

    change: str


@event_type("board.deleted")
class BoardDeleted(Event):
    """A board is gone."""

    tile_count: int


@event_type("facts.exported")
class TableExported(Event):
    """A person saved facts as a file. subject: "user:7". table: of the lake. file_format: csv, xlsx or parquet."""

    table: str
    file_format: str
    row_count: int

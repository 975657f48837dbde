"""Rooms of insight that pages import late, by name: neither type checks nor the import of a page would notice a wrong name."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "careloop"
SOURCES = [path for floor in ("faces", "processes") for path in sorted((PACKAGE / floor).rglob("*.py"))]


def room_of(node: ast.AST | None) -> str | None:
    """Return the room that `insight("…")` imports, for any other expression None."""
    match node:
        case ast.Call(func=ast.Name(id="insight"), args=[ast.Constant(value=str(room))]):
            return room
    return None


def names_used(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each room that is imported late with each name that is taken from it; with an empty one for the room itself."""
    for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]:
        kept: dict[str, str] = {}
        for node in ast.walk(scope):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if room := room_of(value):
                    kept[name] = room
        for node in ast.walk(scope):
            if room := room_of(node):
                yield room, ""
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in kept and scope is not tree:
                    yield kept[name], attr
                case ast.Attribute(value=value, attr=attr) if room := room_of(value):
                    yield room, attr


USED = sorted({used for path in SOURCES for used in names_used(ast.parse(path.read_text(encoding="utf-8")))})


def test_some_are_found() -> None:
    assert ("kpis", "METRICS") in USED
    assert ("kpis.asking.reaching", "reaches_back") in USED


@pytest.mark.parametrize(("room", "name"), USED)
def test_there_is_what_is_named(room: str, name: str) -> None:
    module = importlib.import_module(f"careloop.insight.{room}")

    assert not name or hasattr(module, name)

"""The expressions of a mapping: Python's grammar, a few functions, nothing that reaches outside the row."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from careloop.insight.facts.columns import literal
from careloop.insight.imports.mapping import conversions
from careloop.insight.imports.mapping.errors import (
    ColumnMissing,
    ExpressionFault,
    FunctionUnknown,
    NameUnknown,
    TypeFault,
)
from careloop.insight.imports.mapping.functions import FUNCTIONS, Signature
from careloop.insight.imports.mapping.names import close_names
from careloop.insight.imports.mapping.pieces import Piece, Steps, Type, guarded

__all__ = ["Scope", "column_piece", "compiled"]

COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "=",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
ARITHMETIC: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
ORDERED = (Type.NUMBER, Type.TIME, Type.DATE, Type.CLOCK, Type.TEXT)
LONGEST = 1_000


@dataclass(slots=True, kw_only=True)
class Scope:
    """What an expression may speak of.

    columns: of the file, each with the SQL of its text. values: worked out before, by name.
    zone: SQL of the zone for times without one. extra: names that only some tables know, such as index.
    line: of the mapping; place: the field's path; both for what has to be said of it.
    """

    columns: Mapping[str, str]
    values: Mapping[str, Piece]
    zone: str
    steps: Steps
    has_decimal_comma: bool = False
    hash_key: str = ""
    line: int = 0
    place: str = ""
    extra: Mapping[str, Piece] = field(default_factory=dict)


def compiled(expression: str, scope: Scope) -> Piece:
    """Turn an expression into SQL. Raises ExpressionFault, NameUnknown, ColumnMissing, FunctionUnknown or TypeFault."""
    if len(expression) > LONGEST:
        raise _fault(scope, expression[:40] + "…", "it is too long; give a part of it a name under “values”")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise _fault(scope, expression, getattr(problem, "msg", None) or "it is not an expression") from None
    return _Compiler(scope, expression).of(tree.body)


def column_piece(name: str, scope: Scope) -> Piece:
    """Return the text of a column. Raises ColumnMissing."""
    if name not in scope.columns:
        raise ColumnMissing(line=scope.line, field=scope.place, column=name, hint=close_names(name, scope.columns))
    return Piece(sql=scope.columns[name], type=Type.TEXT)


def _fault(scope: Scope, expression: str, problem: str) -> ExpressionFault:
    return ExpressionFault(line=scope.line, field=scope.place, expression=expression, problem=problem)


class _Compiler:
    def __init__(self, scope: Scope, expression: str) -> None:
        self._scope, self._expression = scope, expression

    def of(self, node: ast.expr) -> Piece:
        match node:
            case ast.Constant(value=value):
                return self._constant(value)
            case ast.Name(id=name):
                return self._name(name)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self._wanted(operand, Type.TRUTH)
                return Piece(sql=f"(not {inner.sql})", type=Type.TRUTH, faults=inner.faults)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self._wanted(operand, Type.NUMBER)
                return Piece(sql=f"(-{inner.sql})", type=Type.NUMBER, faults=inner.faults)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                return self._arithmetic(self.of(left), ARITHMETIC[type(op)], self.of(right))
            case ast.BoolOp(op=op, values=values):
                return self._logic(op, values)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._comparison(left, op, right)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._choice(test, body, orelse)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(name, args)
        raise self._unreadable(f"“{ast.unparse(node)}” is not part of the language")

    def _constant(self, value: object) -> Piece:
        match value:
            case bool():
                return Piece(sql=str(value).lower(), type=Type.TRUTH)
            case int() | float():
                return Piece(sql=f"{float(value)!r}::double", type=Type.NUMBER)
            case str():
                return Piece(sql=literal(value), type=Type.TEXT)
            case None:
                return Piece(sql="null", type=Type.NOTHING)
        raise self._unreadable(f"“{value!r}” is not part of the language")

    def _name(self, name: str) -> Piece:
        scope = self._scope
        if name == "none":
            return self._constant(None)
        if name in ("true", "false"):
            return self._constant(name == "true")
        for known in (scope.extra, scope.values):
            if name in known:
                return known[name]
        if name in scope.columns:
            return column_piece(name, scope)
        hint = close_names(name, [*scope.values, *scope.columns])
        raise NameUnknown(line=scope.line, field=scope.place, name=name, hint=hint)

    def _arithmetic(self, left: Piece, sign: str, right: Piece) -> Piece:
        faults = left.faults + right.faults
        kinds = (left.type, sign, right.type)
        if left.type is right.type is Type.NUMBER:
            sql = f"({left.sql} / nullif({right.sql}, 0))" if sign == "/" else f"({left.sql} {sign} {right.sql})"
            return Piece(sql=sql, type=Type.NUMBER, faults=faults)
        if kinds in ((Type.TIME, "-", Type.TIME), (Type.CLOCK, "-", Type.CLOCK)):
            return Piece(sql=f"(({left.sql} - {right.sql}) / 1e6)", type=Type.NUMBER, faults=faults)
        if left.type in (Type.TIME, Type.CLOCK) and sign in "+-" and right.type is Type.NUMBER:
            sql = f"({left.sql} {sign} round({right.sql} * 1e6)::bigint)"
            return Piece(sql=sql, type=left.type, faults=faults)
        raise self._unreadable(f"a {left.type} {sign} a {right.type} makes no sense")

    def _logic(self, op: ast.boolop, values: Sequence[ast.expr]) -> Piece:
        word = "and" if isinstance(op, ast.And) else "or"
        pieces = [self._wanted(value, Type.TRUTH) for value in values]
        sql = "(" + f" {word} ".join(piece.sql for piece in pieces) + ")"
        faults, before = list(pieces[0].faults), pieces[0].sql
        for piece in pieces[1:]:
            faults += guarded(piece.faults, before if word == "and" else f"not {before}")
        return Piece(sql=sql, type=Type.TRUTH, faults=tuple(faults))

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Piece:
        if isinstance(op, ast.In | ast.NotIn) and isinstance(right, ast.Tuple | ast.List):
            pieces = [self.of(left), *(self.of(element) for element in right.elts)]
            self._alike(pieces)
            word = "in" if isinstance(op, ast.In) else "not in"
            listed = ", ".join(piece.sql for piece in pieces[1:])
            return Piece(sql=f"({pieces[0].sql} {word} ({listed}))", type=Type.TRUTH, faults=pieces[0].faults)
        first, second = self.of(left), self.of(right)
        faults = first.faults + second.faults
        if isinstance(op, ast.Is | ast.IsNot) or second.type is Type.NOTHING:
            if second.type is not Type.NOTHING:
                raise self._unreadable("write == to compare")
            word = "is null" if isinstance(op, ast.Is | ast.Eq) else "is not null"
            return Piece(sql=f"({first.sql} {word})", type=Type.TRUTH, faults=faults)
        if type(op) not in COMPARISONS:
            raise self._unreadable("compare with ==, !=, <, <=, >, >= or in (…)")
        self._alike([first, second])
        return Piece(sql=f"({first.sql} {COMPARISONS[type(op)]} {second.sql})", type=Type.TRUTH, faults=faults)

    def _choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Piece:
        condition, first, second = self._wanted(test, Type.TRUTH), self.of(body), self.of(orelse)
        kind = self._alike([first, second])
        faults = (
            *condition.faults,
            *guarded(first.faults, condition.sql),
            *guarded(second.faults, f"not coalesce({condition.sql}, false)"),
        )
        return Piece(
            sql=f"(case when {condition.sql} then {first.sql} else {second.sql} end)", type=kind, faults=faults
        )

    def _call(self, name: str, arguments: Sequence[ast.expr]) -> Piece:
        special: Mapping[str, Callable[[Sequence[ast.expr]], Piece]] = {
            "column": self._column,
            "coalesce": self._coalesce,
            **dict.fromkeys(("time", "date", "clock", "number", "seconds", "yes_no"), self._converted(name)),
            "at": self._at,
            "hash": self._hash,
        }
        if name in special:
            return special[name](arguments)
        signature = FUNCTIONS.get(name)
        if signature is None:
            hint = close_names(name, sorted([*special, *FUNCTIONS]))
            raise FunctionUnknown(line=self._scope.line, field=self._scope.place, name=name, hint=hint)
        return self._plain(name, signature, arguments)

    def _plain(self, name: str, signature: Signature, arguments: Sequence[ast.expr]) -> Piece:
        most = len(arguments) if signature.is_open else len(signature.takes)
        if not signature.least <= len(arguments) <= most:
            raise self._unreadable(f"{name} is written {signature.usage}")
        takes = [*signature.takes, *[signature.takes[-1]] * len(arguments)]
        pieces = [self._wanted(argument, kind) for argument, kind in zip(arguments, takes, strict=False)]
        sql = signature.sql(*(piece.sql for piece in pieces))
        return Piece(sql=sql, type=signature.gives, faults=tuple(fault for piece in pieces for fault in piece.faults))

    def _column(self, arguments: Sequence[ast.expr]) -> Piece:
        return column_piece(self._text("column", arguments), self._scope)

    def _coalesce(self, arguments: Sequence[ast.expr]) -> Piece:
        pieces = [self.of(argument) for argument in arguments]
        if not pieces:
            raise self._unreadable("coalesce takes at least one value")
        faults, before = list(pieces[0].faults), f"{pieces[0].sql} is null"
        for piece in pieces[1:]:
            faults += guarded(piece.faults, before)
            before = f"{before} and {piece.sql} is null"
        kind = self._alike(pieces)
        return Piece(sql=f"coalesce({', '.join(piece.sql for piece in pieces)})", type=kind, faults=tuple(faults))

    def _converted(self, name: str) -> Callable[[Sequence[ast.expr]], Piece]:
        def convert(arguments: Sequence[ast.expr]) -> Piece:
            if not arguments:
                raise self._unreadable(f"{name} takes a text")
            scope, steps = self._scope, self._scope.steps
            given = self._wanted(arguments[0], Type.TEXT)
            text = steps.add(given.sql)
            formats = [self._text(name, [arguments[1]])] if len(arguments) > 1 else []
            zone = self._wanted(arguments[2], Type.TEXT).sql if len(arguments) > 2 else scope.zone
            match name:
                case "time":
                    piece = conversions.time(text, formats=formats, zone=zone, steps=steps)
                case "date":
                    piece = conversions.date(text, formats=formats, steps=steps)
                case "clock":
                    piece = conversions.clock(text, formats=formats, steps=steps)
                case "number":
                    piece = conversions.number(text, steps=steps, has_decimal_comma=scope.has_decimal_comma)
                case "seconds":
                    piece = conversions.seconds(text, steps=steps, has_decimal_comma=scope.has_decimal_comma)
                case _:
                    piece = conversions.yes_no(text, steps=steps)
            return Piece(sql=piece.sql, type=piece.type, faults=given.faults + piece.faults)

        return convert

    def _at(self, arguments: Sequence[ast.expr]) -> Piece:
        if len(arguments) not in (2, 3):
            raise self._unreadable("at is written at(day, clock) or at(day, clock, zone)")
        day, clock = self._wanted(arguments[0], Type.DATE), self._wanted(arguments[1], Type.CLOCK)
        zone = self._wanted(arguments[2], Type.TEXT).sql if len(arguments) == 3 else self._scope.zone
        local = self._scope.steps.add(f"epoch_us({day.sql}::timestamp) + {clock.sql}")
        given = f"({day.sql}::varchar || ' ' || ({clock.sql} // 1000000)::varchar || ' s')"
        piece = conversions.instant(local, given=given, zone=zone, steps=self._scope.steps)
        # A day or clock that was not given makes no time; one that was and could not be read is its own fault.
        faults = tuple(fault for fault in piece.faults if fault.reason != "not_a_time")
        return Piece(sql=piece.sql, type=Type.TIME, faults=day.faults + clock.faults + faults)

    def _hash(self, arguments: Sequence[ast.expr]) -> Piece:
        if len(arguments) != 1:
            raise self._unreadable("hash takes one text")
        given = self._wanted(arguments[0], Type.TEXT)
        sql = f"substr(sha256({literal(self._scope.hash_key)} || {given.sql}), 1, 32)"
        return Piece(sql=sql, type=Type.TEXT, faults=given.faults)

    def _text(self, name: str, arguments: Sequence[ast.expr]) -> str:
        match arguments:
            case [ast.Constant(value=str(text))]:
                return text
        raise self._unreadable(f"{name} takes a text in quotation marks there")

    def _wanted(self, node: ast.expr, kind: Type) -> Piece:
        piece = self.of(node)
        if piece.type not in (kind, Type.NOTHING):
            what = f"“{ast.unparse(node)}”"
            raise TypeFault(line=self._scope.line, field=self._scope.place, what=what, wanted=kind, got=piece.type)
        return piece

    def _alike(self, pieces: Sequence[Piece]) -> Type:
        kinds = {piece.type for piece in pieces} - {Type.NOTHING}
        if len(kinds) > 1:
            raise self._unreadable(f"{' and '.join(sorted(kinds))} do not go together")
        return kinds.pop() if kinds else Type.NOTHING

    def _unreadable(self, problem: str) -> ExpressionFault:
        return _fault(self._scope, self._expression, problem)

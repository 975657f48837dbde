"""The switches of a metric: typed, with defaults, part of what the number is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from careloop.insight.kpis.choices import CHOICES, SWITCHED
from careloop.insight.kpis.errors import BadOption
from careloop.insight.kpis.words import Words
from careloop.kernel.sentences import gettext_noop

__all__ = ["Choice", "Codes", "Number", "Option", "Options", "Setting", "Switch", "chosen", "names_of"]

Setting: TypeAlias = float | bool | str | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """An option that is a number, such as a limit in seconds. least, most: what it may be, both included."""

    name: str
    default: float
    meaning: Words
    least: float = 0.0
    most: float = 1e9

    def read(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError as error:
            raise BadOption(
                gettext_noop("The option “%(name)s” is a number, not “%(text)s”."), name=self.name, text=text
            ) from error
        if not self.least <= value <= self.most:
            message = gettext_noop("The option “%(name)s” lies between %(least)s and %(most)s; “%(text)s” does not.")
            raise BadOption(message, name=self.name, least=f"{self.least:g}", most=f"{self.most:g}", text=text)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """An option that is on or off."""

    name: str
    default: bool
    meaning: Words

    def read(self, text: str) -> bool:
        known = {"on": True, "off": False, "true": True, "false": False, "1": True, "0": False}
        if text.lower() not in known:
            message = gettext_noop("The option “%(name)s” is on or off, not “%(text)s”.")
            raise BadOption(message, name=self.name, text=text)
        return known[text.lower()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An option that is one of several names."""

    name: str
    default: str
    choices: tuple[str, ...]
    meaning: Words

    def read(self, text: str) -> str:
        if text not in self.choices:
            message = gettext_noop("The option “%(name)s” is one of %(choices)s, not “%(text)s”.")
            raise BadOption(message, name=self.name, choices=", ".join(self.choices), text=text)
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """An option that is a list of codes, such as the reasons that cannot be solved at first contact; typed with commas."""

    name: str
    meaning: Words
    default: tuple[str, ...] = ()

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(sorted({code.strip() for code in text.split(",")} - {""}))


Option: TypeAlias = Number | Switch | Choice | Codes


def names_of(option: Option) -> dict[str, Words]:
    """Return what each choice of an option is called, by what is typed; nothing where it is typed freely."""
    match option:
        case Choice(name=name, choices=choices):
            return {choice: CHOICES[name][choice] for choice in choices}
        case Switch():
            return dict(SWITCHED)
    return {}


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a metric as they were chosen, defaults filled in."""

    settings: Mapping[str, Setting]

    def number(self, name: str) -> float:
        return float(cast("float", self.settings[name]))

    def on(self, name: str) -> bool:
        return cast("bool", self.settings[name])

    def choice(self, name: str) -> str:
        return cast("str", self.settings[name])

    def codes(self, name: str) -> tuple[str, ...]:
        return cast("tuple[str, ...]", self.settings[name])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield name and value of each option as it is typed and printed."""
        for name, value in self.settings.items():
            match value:
                case bool():
                    yield name, "on" if value else "off"
                case tuple():
                    yield name, ",".join(value)
                case str():
                    yield name, value
                case _:
                    yield name, f"{value:g}"

    def __str__(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self)


def chosen(known: tuple[Option, ...], given: Mapping[str, Setting]) -> Options:
    """Fill in defaults and check what was given: values of the right type, or texts as typed.

    Raises BadOption for an option that the metric does not have or a value that it cannot take.
    """
    names = [option.name for option in known]
    for name in given:
        if name not in names:
            if not names:
                raise BadOption(gettext_noop("This metric has no options, so no “%(name)s”."), name=name)
            message = gettext_noop("This metric has no option “%(name)s”; it has %(names)s.")
            raise BadOption(message, name=name, names=", ".join(names))
    return Options({option.name: _value(option, given.get(option.name)) for option in known})


def _value(option: Option, given: Setting | None) -> Setting:
    if given is None:
        return option.default
    match given:
        case bool():
            typed = "on" if given else "off"
        case tuple() | list():
            typed = ",".join(given)
        case _:
            typed = str(given)
    return option.read(typed)

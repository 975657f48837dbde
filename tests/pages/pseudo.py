"""A language that nobody speaks: every sentence of ours marked, accented and longer, so that what is none of ours stands out.

`⟦Šáávéé ⟨3⟩ fíílééš⟧` is "Save %(count)s files": all but the values is in the marks of a sentence.
"""

import re
from pathlib import Path
from typing import Final

import allauth
import django
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from playwright.sync_api import Page

from tools.messages import LANGUAGES, collected

__all__ = ["pseudo", "strays", "write_catalogue"]

_ACCENTS: Final = str.maketrans("aceinosuyzACEINOSUYZ", "áçéíñóšúýžÁÇÉÍÑÓŠÚÝŽ")
_VALUE: Final = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_KEPT: Final = re.compile(rf"({_VALUE.pattern}|%%|</?[a-z][^>]*>|&\w+;)")
_FRAGMENT: Final = re.compile(r"⟨[^⟦⟧⟩]*⟦([^\W\d_A-ZÁÇÉÍÑÓŠÚÝŽ][^⟧]*)⟧")
# The reader among other people's names, the halves of a day, the units of values, and the field of a filter, whose capital stands
# before the bracket in no real language.
_VALUES: Final = frozenset(
    {"méé", "áá.m.", "p.m.", "ñóóóóñ", "míídñííght", "š", "mííñ", "h", "dááýš", "póóííñtš", "cóóñtááctš", "çhááññéél"}
)
_FRAMEWORKS: Final = (
    Path(django.__file__).parent / "conf",
    Path(django.__file__).parent / "contrib" / "auth",
    Path(allauth.__file__).parent,
)

# What stands on a page, in order: texts, then what is read aloud or said by scripts. Times are told by the browser itself.
_WORDS: Final = """() => {
    const data = 'script, style, noscript, iframe, time, textarea, code, cite, pre, .prose, [contenteditable], select[name$=zone], '
        + 'select[name=country], select[name^="o-"], select[name^=option-], [data-spec]';
    const named = new Set(['aria-label', 'title', 'alt', 'placeholder', 'label']);
    const found = [[document.title]];
    const walk = node => {
        if (node.nodeType === Node.TEXT_NODE) { found.at(-1).push(node.data); return; }
        if (node.nodeType !== Node.ELEMENT_NODE || node.matches(data)) return;
        if (node.matches('[lang]:not(html)')) return;
        for (const {name, value} of node.attributes)
            if (named.has(name) || (name.startsWith('data-') && /^[^<]*[a-z] [a-z]/i.test(value))) found.unshift([value]);
        node.childNodes.forEach(walk);
    };
    walk(document.body);
    return found.map(texts => texts.join('\\n'));
}"""


def pseudo(sentence: str) -> str:
    """Return a sentence as nobody says it: accented, a third longer, in marks; places for values marked, tags as they are."""
    told = [
        (f"⟨{part}⟩" if _VALUE.fullmatch(part) else part)
        if index % 2
        else re.sub(r"([aeiouAEIOU])", r"\1\1", part).translate(_ACCENTS)
        for index, part in enumerate(_KEPT.split(sentence))
    ]
    return f"⟦{''.join(told)}⟧"


def write_catalogue(folder: Path) -> None:
    """Put a catalogue into a folder for LOCALE_PATHS: it makes the language `en` speak like that.

    Sentences of frameworks are in it as far as all our languages have them: a reader meets the others in English.
    """
    catalogue = collected()
    for place in _FRAMEWORKS:
        for message in _in_all_languages(place):
            if message.id:
                catalogue.add(message.id, context=message.context)
    for message in catalogue:
        if message.id:
            is_one = isinstance(message.id, str)
            message.string = pseudo(str(message.id)) if is_one else tuple(pseudo(form) for form in message.id)
    target = folder / "en" / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)


def strays(page: Page, data: re.Pattern[str]) -> list[str]:
    """Return what on a page is English of ours that no catalogue has, and words that are put into sentences piecemeal.

    data: matches what people and machines wrote.
    """
    found: list[str] = []
    for text in page.evaluate(_WORDS):
        found += _outside(text, data)
        found += [f"a fragment: {piece}" for piece in _FRAGMENT.findall(text) if piece not in _VALUES]
    return sorted(set(found))


def _outside(text: str, data: re.Pattern[str]) -> list[str]:
    """Return the Latin words that stand in no sentence of ours, or as a value in one."""
    depth, plain = [False], [""]
    for sign in text:
        if sign in "⟦⟨":
            depth.append(sign == "⟦")
            plain.append("")
        elif sign in "⟧⟩" and len(depth) > 1:
            depth.pop()
            plain.append("")
        elif not depth[-1]:
            plain[-1] += sign
    return [piece.strip() for piece in plain if re.search(r"[A-Za-z]{2,}", data.sub(" ", piece))]


def _in_all_languages(place: Path) -> Catalog:
    known: dict[tuple[object, object], int] = {}
    catalogue = Catalog()
    for language in LANGUAGES:
        path = place / "locale" / language / "LC_MESSAGES" / "django.mo"
        if not path.exists():
            return Catalog()
        with path.open("rb") as file:
            for message in read_mo(file):
                forms = message.id if isinstance(message.id, str) else tuple(message.id)
                context = message.context.decode() if isinstance(message.context, bytes) else message.context
                known[forms, context] = known.get((forms, context), 0) + 1
                if known[forms, context] == len(LANGUAGES):
                    catalogue.add(forms, context=context)
    return catalogue

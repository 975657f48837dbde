"""A story made ready for its template: names, words, files, and the state of every message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careloop.domains.automation.queries import rule_names, runs_that_wrote
from careloop.domains.automation.rules import may_see_rules
from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases.types import NoteRow
from careloop.domains.conversations.states import WORRYING, DeliveryState
from careloop.domains.conversations.types import Audience, Author, Channel, MailRow, MessageRow
from careloop.domains.files.queries import files_by_id
from careloop.domains.files.types import FileRow
from careloop.domains.telephony.queries import left_in_messages
from careloop.domains.telephony.types import LeftRow
from careloop.faces.web.casepage.letters import has_blocked_images, html_words, in_page
from careloop.faces.web.casepage.sentences import told
from careloop.faces.web.casepage.states import (
    delivery_words,
    detail_words,
    is_ours,
    left_words,
    verdict_words,
    via_words,
    warning_words,
)
from careloop.faces.web.casepage.types import Sentence
from careloop.kernel.actors import Actor
from careloop.kernel.events import Recorded
from careloop.processes.timeline import Story

__all__ = ["FileShown", "Look", "Shown", "shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who looks, where, and when.

    key: the workspace's. undo_seconds: how long answers can be taken back. images_of: the message whose remote images the
    reader asked for, if any.
    """

    viewer: Actor
    key: str
    now: datetime
    undo_seconds: int
    images_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """A file as a tile. href: downloads it. preview: a small picture, or empty. sound: plays it, or empty."""

    row: FileRow
    href: str
    preview: str
    sound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One moment of the story as the template prints it.

    rule_id: of the rule that did or wrote it, for readers who may see rules.
    kind: customer, agent, note, machine or event. via: how and to whom, in words. quoted: text the author quoted.
    state: delivery in words, state_tone its tone, detail the other server's words, or ours. seconds_left: until it leaves, while it
    can be taken back by this reader. verdicts, warnings: sentences.
    """

    id: int
    kind: str
    at: datetime
    name: str = ""
    words: SafeString | None = None
    quoted: str = ""
    via: str = ""
    mail: MailRow | None = None
    verdicts: str = ""
    warnings: Sequence[str] = ()
    state: str = ""
    state_tone: str = ""
    detail: str = ""
    is_detail_ours: bool = False
    seconds_left: int = 0
    may_send_again: bool = False
    is_recalled: bool = False
    is_third_party: bool = False
    conversation_id: int = 0
    has_blocked_images: bool = False
    has_html: bool = False
    files: Sequence[FileShown] = ()
    sentence: Sentence | None = None
    rule_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    files: Mapping[int, FileRow]
    sentences: Mapping[int, Sentence]
    writers: "Writers"
    left: Mapping[int, LeftRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writers:
    """Which rules wrote what the house wrote: by message, by note, and what these rules are called."""

    messages: Mapping[int, int]
    notes: Mapping[int, int]
    names: Mapping[int, str]

    def name_of(self, rule_id: int | None) -> str:
        """Return how a rule stands over what it wrote."""
        name = self.names.get(rule_id or 0)
        return _("The rule “%(name)s”") % {"name": name} if name else "Careloop"


def shown(story: Story, look: Look, *, case_id: int) -> list[Shown]:
    """Return a story as its template prints it, in at most eight queries whatever its length."""
    whats = [moment.what for moment in story.moments]
    said = [what for what in whats if isinstance(what, MessageRow)]
    noted = [what for what in whats if isinstance(what, NoteRow)]
    around = _Around(
        files=files_by_id([*(f.file_id for m in said for f in m.files), *(i for n in noted for i in n.file_ids)]),
        sentences=told(what for what in whats if isinstance(what, Recorded)),
        writers=_writers(said, noted, case_id),
        left=left_in_messages(spoken) if (spoken := [one.id for one in said if _may_be_left(one)]) else {},
    )
    return [_shown(what, around, look) for what in whats]


def _shown(what: MessageRow | NoteRow | Recorded, around: _Around, look: Look) -> Shown:
    match what:
        case MessageRow():
            return _message(what, around, look)
        case NoteRow():
            return Shown(
                id=what.id,
                kind="note",
                at=what.at,
                name=what.author if what.author_id else around.writers.name_of(around.writers.notes.get(what.id)),
                rule_id=_linked(around.writers.notes.get(what.id), look),
                words=html_words(what.html, inline={}, shows_images=False),
                files=_files(what.file_ids, around, look),
            )
        case Recorded():
            sentence = around.sentences[what.id]
            rule_id = _linked(sentence.rule_id, look)
            return Shown(id=what.id, kind="event", at=what.event.at, sentence=sentence, rule_id=rule_id)


def _writers(said: Sequence[MessageRow], noted: Sequence[NoteRow], case_id: int) -> Writers:
    """Ask who wrote, only where the house did: most stories are people's alone."""
    if not any(one.author == Author.HOUSE for one in said) and all(one.author_id for one in noted):
        return Writers(messages={}, notes={}, names={})
    messages, notes = runs_that_wrote(case_id)
    return Writers(messages=messages, notes=notes, names=rule_names({*messages.values(), *notes.values()}))


def _may_be_left(row: MessageRow) -> bool:
    """Say whether a message may be a voicemail or fax, so that most stories ask nothing."""
    return row.channel in {Channel.VOICE, Channel.LETTER} and bool(row.files) and not row.text


def _linked(rule_id: int | None, look: Look) -> int | None:
    return rule_id if may_see_rules(look.viewer) else None


def _message(row: MessageRow, around: _Around, look: Look) -> Shown:
    inline = {
        f.content_id: reverse("file_picture", args=[look.key, f.file_id])
        for f in row.files
        if f.content_id
        and f.file_id in around.files
        and around.files[f.file_id].width
        and not around.files[f.file_id].is_risky
    }
    words = in_page(row, inline=inline, shows_images=look.images_of == row.id)
    in_words = {cid for cid, address in inline.items() if address in words}
    state, tone = delivery_words(row.delivery)
    left_behind = around.left.get(row.id)
    may_work = cases_rules.may_work(look.viewer)
    return Shown(
        id=row.id,
        kind=_kind(row),
        at=row.at,
        name=_name(row, around),
        rule_id=_linked(around.writers.messages.get(row.id), look),
        words=words,
        quoted=row.quoted,
        via=left_words(left_behind) if left_behind is not None else via_words(row),
        mail=row.mail,
        verdicts=verdict_words(row.mail),
        warnings=[warning_words(code) for code in row.warnings],
        state=state,
        state_tone=tone,
        detail=detail_words(row.delivery) if tone else "",
        is_detail_ours=is_ours(row.delivery),
        seconds_left=_seconds_left(row, look),
        may_send_again=may_work and row.delivery is not None and row.delivery.state in WORRYING,
        is_recalled=row.delivery is not None and row.delivery.state == DeliveryState.RECALLED,
        is_third_party=row.audience == Audience.THIRD_PARTY,
        conversation_id=row.conversation_id,
        has_blocked_images=has_blocked_images(words),
        has_html=bool(row.html) and row.author not in {Author.AGENT, Author.HOUSE},
        files=_files([f.file_id for f in row.files if f.content_id not in in_words], around, look),
    )


def _kind(row: MessageRow) -> str:
    if row.author == Author.HOUSE:
        return "machine"
    return "agent" if row.author == Author.AGENT else "customer"


def _name(row: MessageRow, around: _Around) -> str:
    if row.author == Author.HOUSE:
        return around.writers.name_of(around.writers.messages.get(row.id))
    return row.writer or (row.mail.from_address if row.mail else "")


def _seconds_left(row: MessageRow, look: Look) -> int:
    is_waiting = row.delivery is not None and row.delivery.state == DeliveryState.SCHEDULED
    if not is_waiting or row.user_id is None or row.user_id != look.viewer.user_id:
        return 0
    return max(0, look.undo_seconds - int((look.now - row.at).total_seconds()))


def _files(file_ids: Sequence[int], around: _Around, look: Look) -> list[FileShown]:
    found = [around.files[file_id] for file_id in file_ids if file_id in around.files]
    return [
        FileShown(
            row=row,
            href=reverse("file_download", args=[look.key, row.id]),
            preview=reverse("file_preview", args=[look.key, row.id]) if row.is_previewed and not row.is_risky else "",
            sound=reverse("file_sound", args=[look.key, row.id]) if row.is_sound else "",
        )
        for row in found
    ]

"""The texts of a matter, filled with its facts, in the words of whoever writes; no text is ever used twice."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from careloop.processes.demo.library import Step, StepKind
from careloop.processes.demo.plays import Play

__all__ = ["Wording"]


class Wording:
    """Fills in what is written in the texts, and remembers what was said."""

    def __init__(self, house: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self._house, self._names = house, names
        self._said: set[str] = set()

    def of_customer(self, play: Play, step: Step) -> str:
        """Return a customer's words; who writes mails closes with a name."""
        text = step.text.format_map(play.facts)
        is_mail = play.matter.channel == "email"
        writer = play.companion if step.kind is StepKind.COMPANION and play.companion else play.writer
        return self._unused(
            f"{text}\n\n{writer.sign}" if is_mail and writer.sign and not play.matter.is_spam else text, play
        )

    def of_agent(self, play: Play, step: Step) -> str:
        """Return an agent's answer, with a greeting and a close that fit its place in the exchange."""
        voice = self._house["voice"][play.writer.language]
        facts = {**play.facts, "agent": self._names[play.agent]}
        greetings = voice["first_greetings"] if play.last_mail is None else voice["later_greetings"]
        body = step.text.format_map(facts)
        return self._tried(
            lambda: "\n\n".join((_pick(greetings, play.rng, facts), body, _pick(voice["closings"], play.rng, facts))),
            play,
        )

    def of_note(self, play: Play, step: Step, mentioned: Sequence[str]) -> str:
        """Return a word among colleagues. mentioned: the names it draws in."""
        facts = {**play.facts, "agent": self._names[play.agent]}
        return self._unused(" ".join((*(f"@{name}" for name in mentioned), step.text.format_map(facts))), play)

    def to_partner(self, play: Play, step: Step) -> str:
        """Return a question to somebody outside."""
        return self._unused(step.text.format_map({**play.facts, "agent": self._names[play.agent]}), play)

    def of_partner(self, play: Play, step: Step) -> str:
        """Return the answer of somebody outside."""
        return self._unused(step.text.format_map({**play.facts, "agent": self._names[play.agent]}), play)

    def _tried(self, speak: Any, play: Play) -> str:
        for _attempt in range(6):
            text = str(speak())
            if text not in self._said:
                break
        return self._unused(text, play)

    def _unused(self, text: str, play: Play) -> str:
        """Return a text; one that was used before gets a line that tells the two apart."""
        lines = iter(self._house["voice"][play.writer.language]["apart"])
        said = text
        while said in self._said:
            said = f"{text}\n\n{next(lines).format_map(play.facts)}"
        self._said.add(said)
        return said


def _pick(choices: Sequence[str], rng: Random, facts: Mapping[str, str]) -> str:
    return rng.choice(choices).format_map(facts)

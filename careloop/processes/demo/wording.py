"""The texts of a matter, filled with its facts, in the words of whoever writes; no text is ever used twice."""

from collections.abc import Mapping, Sequence
from typing import Any

from careloop.domains.conversations.types import Channel
from careloop.processes.demo.library import Step, StepKind
from careloop.processes.demo.plays import Play
from careloop.processes.intake.language import language_of

__all__ = ["Wording"]


class Wording:
    """Fills in what is written in the texts, and remembers what was said."""

    def __init__(self, house: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self._house, self._names = house, names
        self._said: set[str] = set()

    def of_customer(self, play: Play, step: Step) -> str:
        """Return a customer's words; who writes mails closes with a name."""
        text = step.text.format_map(play.facts[play.writer.language])
        writer = play.companion if step.kind is StepKind.COMPANION and play.companion else play.writer
        closes = play.matter.channel == Channel.EMAIL and not play.matter.is_spam and writer.sign
        return self._unused(f"{text}\n\n{writer.sign}" if closes else text, play)

    def of_agent(self, play: Play, step: Step, *, begun: str = "") -> str:
        """Return an agent's answer, with a greeting and a close that fit its place in the exchange.

        begun: a saved reply that was put in first; it greets in its own words.
        """
        voice = self._house["voice"][play.writer.language]
        facts = {**play.facts[play.writer.language], "agent": self._names[play.agent]}
        greetings = voice["first_greetings"] if play.last_answer is None else voice["later_greetings"]
        text = ""
        for _attempt in range(6):
            greeting, closing = play.rng.choice(greetings), play.rng.choice(voice["closings"])
            opening = begun or greeting.format_map(facts)
            text = "\n\n".join((opening, step.text.format_map(facts), closing.format_map(facts)))
            if text not in self._said:
                break
        return self._unused(text, play)

    def of_note(self, play: Play, step: Step, mentioned: Sequence[str]) -> str:
        """Return a word among colleagues. mentioned: the names it draws in."""
        return self._unused(" ".join((*(f"@{name}" for name in mentioned), self._between_us(play, step))), play)

    def of_partner(self, play: Play, step: Step) -> str:
        """Return what is asked of somebody outside, or what they answer."""
        return self._unused(self._between_us(play, step), play)

    def _between_us(self, play: Play, step: Step) -> str:
        """Fill in what the customer never reads: it may be in another language than the customer's."""
        language = language_of(step.text)
        facts = play.facts[language if language in play.facts else self._house["language"]]
        return step.text.format_map({**facts, "agent": self._names[play.agent]})

    def _unused(self, text: str, play: Play) -> str:
        """Return a text; one that was used before gets a line that tells the two apart."""
        said, language = text, play.writer.language
        for line in self._house["voice"][language]["apart"]:
            if said not in self._said:
                break
            said = f"{text}\n\n{line.format_map(play.facts[language])}"
        self._said.add(said)
        return said

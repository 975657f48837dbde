"""`careloop staffing`: how many agents a queue needs, and what callers live through with them."""

import re
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.faces.cli.answers import AnsweringCommand
from careloop.faces.cli.extras import require_extra


class Command(AnsweringCommand):
    purpose = lazily("Say how many agents a queue needs to keep its promises, and what callers live through with them.")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        for option, meta, value, help_text in (
            ("--patience", "SECONDS", None, _("How long callers wait on average before they hang up.")),
            ("--service-level", "SHARE/SECONDS", "0.8/20", _("Which share is answered within how many seconds.")),
            ("--max-abandon", "SHARE", None, _("Which share may hang up; 0.05 unless you say so.")),
            ("--max-asa", "SECONDS", None, _("How long those answered may wait on average.")),
            ("--max-occupancy", "SHARE", None, _("Which share of their time agents may be busy.")),
            ("--shrinkage", "SHARE", "0", _("Which share of paid time people are away from the queue.")),
            ("--interval", "DURATION", "30m", _("How long the interval is that you plan for, such as 30m.")),
            ("--channel-slots", "COUNT", "1", _("How many contacts an agent holds at once.")),
            ("--calls-sd", "RATE", None, _("By how many calls per hour the forecast misses (standard deviation).")),
        ):
            parser.add_argument(option, metavar=meta, default=value, help=help_text)
        parser.add_argument(
            "--calls-per-hour", metavar="RATE", required=True, help=_("How many calls come in an hour.")
        )
        parser.add_argument(
            "--aht", metavar="SECONDS", required=True, help=_("How long a call takes on average, wrap-up included.")
        )
        parser.add_argument(
            "--counted",
            choices=["offered", "offered_ex_short", "ex_abandon_within_target"],
            default="offered_ex_short",
            help=_("Whom the service level counts: all, or all but those who hang up at once or within the target."),
        )
        parser.add_argument(
            "--several-skills", action="store_true", help=_("Agents serve several queues, or some calls go first.")
        )
        parser.add_argument(
            "--back-office", action="store_true", help=_("Agents also do work for which nobody waits in this queue.")
        )

    def handle(self, *, as_json: bool, several_skills: bool, back_office: bool, **options: Any) -> None:
        require_extra("analytics", packages=("numpy", "scipy"))
        from careloop.faces.cli.staffing.plan import plan  # needs what was looked for in the line before
        from careloop.faces.cli.staffing.wishes import understood
        from careloop.faces.cli.staffing.words import in_words

        wishes = understood(
            {f"--{name.replace('_', '-')}": value for name, value in options.items()},
            has_several_skills=several_skills,
            has_back_office_work=back_office,
        )
        answer = plan(wishes)
        facts = asdict(answer) | {
            "cautions": [{"code": _code(caution), **asdict(caution)} for caution in answer.cautions],
            "wishes": asdict(wishes),
        }
        self.answer(as_json=as_json, words=in_words(wishes, answer), facts=facts)


def _code(caution: object) -> str:
    """Return the class name in snake case: `ShortInterval` is `short_interval`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(caution).__name__).lower()

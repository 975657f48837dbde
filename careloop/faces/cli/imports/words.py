"""What an import did, for a person."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.insight.facts.reasons import Reason
from careloop.insight.imports.loading import Loaded
from careloop.insight.imports.report import Report
from careloop.processes.lake.words import reason_in_words

__all__ = ["REASONS", "in_words", "previewed_in_words"]

SHOWN = 10

REASONS: Mapping[str, Promise] = {
    "too_few_fields": lazily("not enough fields for a line of this log"),
    "time_not_a_number": lazily("its time is not a number of seconds"),
    "time_out_of_range": lazily("its time lies before 2000 or after 2100: the clock was not set"),
    "time_ahead": lazily("its time lies more than a day ahead of the lines around it"),
    "call_without_entry": lazily("a call whose entry into the queue is not in the log"),
    "call_runs_backwards": lazily("a call that ends before it begins: the clock was put back in between"),
    "frame_without_time": lazily("an event without a time; set timestampevents = yes in manager.conf"),
    "frame_without_field": lazily("an event that lacks a field it needs"),
    "columns_differ": lazily("more or fewer columns than the first line"),
    "not_a_time": lazily("not a time in the format of the mapping"),
    "time_skipped": lazily("a time that no clock showed, when clocks went forward"),
    "zone_unknown": lazily("no such time zone"),
    "not_a_date": lazily("not a day in the format of the mapping"),
    "not_a_clock": lazily("not a time of day"),
    "not_a_duration": lazily("not a number of seconds, nor hours, minutes and seconds"),
    "not_a_number": lazily("not a number"),
    "not_yes_or_no": lazily("neither yes nor no"),
    "code_unknown": lazily("a word that the codes of the mapping do not name"),
    "missing": lazily("nothing where a value has to be"),
    "not_a_member": lazily("not one of the words of this column"),
    "not_whole": lazily("not a whole number"),
}


def in_words(report: Report, loaded: Loaded) -> str:
    """Say what was read, what came into the lake, what was rejected and why, and what to look at."""
    lines = [_("Lines read: %(count)d.") % {"count": report.lines}]
    if not loaded.steps and not report.lines:
        nothing = _("Nothing new: this file has been read to its end before.")
        return f"{nothing}\n{_half_a_line()}" if report.has_half_line else nothing
    if loaded.steps and loaded.known_steps == loaded.steps:
        lines.append(_("All of it was in the lake already; nothing changed."))
    for table, tally in sorted(loaded.tables.items()):
        if loaded.known_steps == loaded.steps:
            continue
        lines.append(
            _("%(table)s: %(added)d new, %(corrected)d corrected, %(unchanged)d as before.")
            % {
                "table": table,
                "added": tally.added,
                "corrected": tally.corrected,
                "unchanged": tally.unchanged + tally.outdated,
            }
        )
        for reason, count in sorted(tally.quarantined.items()):
            column, value = tally.examples[reason]
            sentence = reason_in_words(Reason(reason), column=column, value=value)
            lines.append(_("  set aside: %(count)d. %(sentence)s") % {"count": count, "sentence": sentence})
    lines += _rejected(report)
    lines += _cautions(report)
    if loaded.complete_through:
        lines.append(_("Complete until %(moment)s.") % {"moment": f"{loaded.complete_through:%Y-%m-%d %H:%M:%S} UTC"})
    return "\n".join(lines)


def previewed_in_words(report: Report, made: Mapping[str, Sequence[Mapping[str, object]]]) -> str:
    """Say what the first rows became, the first few of each table, and what was rejected or left out of them."""
    lines = []
    for table, rows in made.items():
        for number, row in enumerate(rows[:SHOWN], start=1):
            lines.append(f"{table} {number}")
            lines += [f"  {name}: {value}" for name, value in row.items()]
        if len(rows) > SHOWN:
            lines.append(_("%(table)s: and %(count)d more") % {"table": table, "count": len(rows) - SHOWN})
    if not any(made.values()):
        lines.append(_("No row became a fact."))
    return "\n".join([*lines, *_rejected(report), *_cautions(report)])


def _half_a_line() -> str:
    """Say that the file ends within a line."""
    return _("The file ends within a line, which waits for its other half: import the file again later.")


def _rejected(report: Report) -> list[str]:
    lines = []
    for reason, count in sorted(report.rejected.items()):
        lines.append(_("Rejected, %(reason)s: %(count)d") % {"reason": REASONS[reason], "count": count})
        shown = [example for example in report.examples if example.reason == reason][:SHOWN]
        for example in shown:
            place = f" {example.field}" if example.field else ""
            value = f" “{example.value}”" if example.value else ""
            lines.append(_("  line %(line)d:%(what)s") % {"line": example.line, "what": f"{place}{value}"})
    return lines


def _entrances(report: Report) -> list[str]:
    """Say that calls which never reached a queue are not counted, and where calls begin."""
    if not report.entrances:
        return []
    began = ", ".join(f"{name} ({count})" for name, count in report.entrances.most_common(SHOWN))
    if report.unmet:
        return [
            _("! No call began in %(names)s, which --inbound names. Calls begin in: %(places)s.")
            % {"names": ", ".join(sorted(report.unmet)), "places": began}
        ]
    return [
        _(
            "! Calls that never reached a queue are not counted: say with --inbound where customers' calls begin. "
            "Calls begin in: %(places)s."
        )
        % {"places": began}
    ]


def _cautions(report: Report) -> list[str]:
    lines = []
    for table, count in sorted(report.skipped.items()):
        lines.append(
            _("%(table)s: left out by the filter of the mapping: %(count)d") % {"table": table, "count": count}
        )
    for name, count in sorted(report.unknown.items()):
        lines.append(
            _("! “%(name)s” came %(count)d times and is not known; say what it means with --custom.")
            % {"name": name, "count": count}
        )
    lines += _entrances(report)
    if report.unmapped_reasons:
        lines.append(
            _("! Pauses taken as a break, since nothing tells what they are: %(reasons)s. Say so with --pause.")
            % {"reasons": ", ".join(sorted(report.unmapped_reasons))}
        )
    if report.renamed_count:
        lines.append(_("Rows put under the name of an agent since known: %(count)d") % {"count": report.renamed_count})
    if report.strangers:
        lines.append(
            _("! The list of agents does not say who is behind: %(names)s.")
            % {"names": ", ".join(sorted(report.strangers))}
        )
    if report.duplicate_count:
        lines.append(_("Lines that were there before, word for word: %(count)d") % {"count": report.duplicate_count})
    if report.clock_back_count:
        lines.append(
            _(
                "! The clock of the log went back by more than a minute, so often: %(count)d. Durations around it may be wrong."
            )
            % {"count": report.clock_back_count}
        )
    if report.late_count:
        lines.append(
            _("! Lines on agents that came too late to change what was said: %(count)d") % {"count": report.late_count}
        )
    if report.has_half_line:
        lines.append(_half_a_line())
    if report.open_count:
        lines.append(_("Calls not yet over at the end of the file: %(count)d") % {"count": report.open_count})
    for zone, day in sorted(report.repeated):
        lines.append(
            _("! On %(day)s an hour came twice in %(zone)s; its times were taken as repeated_hour of the mapping says.")
            % {"day": day, "zone": zone}
        )
    return lines

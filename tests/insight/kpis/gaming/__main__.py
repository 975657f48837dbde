"""Print how often each game is seen, and how often honest worlds are doubted: docs/reasons/integrity.md.

python -m tests.insight.kpis.gaming 5
"""

import sys
from collections import Counter

from tests.insight.kpis.gaming.playing import LOTS, flags, made, played, world


def main(seeds: int) -> None:
    """Play all games in so many worlds."""
    seen: Counter[str] = Counter()
    doubted: Counter[str] = Counter()
    for seed in range(1, seeds + 1):
        doubted.update(list(flags(world(seed), made())))
        for lot in LOTS:
            seen.update(list(flags(played(seed, lot), lot)))
        told(f"{seed} of {seeds} worlds, {sum(doubted.values())} false alarms so far")
    games = [name for lot in LOTS for name in lot]
    told(f"false alarms: {sum(doubted.values())} of {seeds * len(made())} checks of honest worlds {dict(doubted)}")
    told(f"seen: {sum(seen.values())} of {seeds * len(games)} games")
    for name in games:
        if seen[name] < seeds:
            told(f"{name}: {seen[name]} of {seeds}")


def told(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)

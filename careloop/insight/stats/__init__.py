"""Statistics over plain numbers and NumPy arrays: pure functions that know no Django, no clock and no random state of their own.

Every function names its source. `docs/reasons/statistics.md` says why these methods and not others.
Scores are handed in so that greater is better wherever a function speaks of better and worse.
"""

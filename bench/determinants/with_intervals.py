"""Careloop's answer with the interval of every number."""

from bench.determinants.ours import ask
from bench.determinants.question import answer

if __name__ == "__main__":
    answer(lambda root: ask(root, with_intervals=True))

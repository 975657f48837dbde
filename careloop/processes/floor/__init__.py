"""The floor at this moment: who does what and with what, what waits, and why nobody gets it yet."""

from careloop.processes.floor.lacking import Lack, Lacking, lacking
from careloop.processes.floor.queries import PersonThere, WaitingThere, people_there, waiting_one, waiting_there
from careloop.processes.floor.telling import tell_everybody, tell_team

__all__ = [
    "Lack",
    "Lacking",
    "PersonThere",
    "WaitingThere",
    "lacking",
    "people_there",
    "tell_everybody",
    "tell_team",
    "waiting_one",
    "waiting_there",
]

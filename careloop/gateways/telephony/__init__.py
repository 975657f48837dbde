"""Telephone systems: what happens on them over Asterisk's manager interface, and what may be done with their calls."""

from careloop.gateways.telephony.connecting import connect
from careloop.gateways.telephony.line import ManagerLine
from careloop.gateways.telephony.provider import ProviderSwitch
from careloop.gateways.telephony.switch import (
    AsteriskSwitch,
    Handover,
    Intervention,
    OutboundCall,
    Side,
    Switch,
    open_switch,
)
from careloop.gateways.telephony.types import (
    Account,
    ActionRefused,
    CannotConnect,
    Event,
    NotAManager,
    PhoneTrouble,
    Security,
    Snapshot,
    TlsProblem,
    TooMuch,
    WrongSecret,
)

__all__ = [
    "Account",
    "ActionRefused",
    "AsteriskSwitch",
    "CannotConnect",
    "Event",
    "Handover",
    "Intervention",
    "ManagerLine",
    "NotAManager",
    "OutboundCall",
    "PhoneTrouble",
    "ProviderSwitch",
    "Security",
    "Side",
    "Snapshot",
    "Switch",
    "TlsProblem",
    "TooMuch",
    "WrongSecret",
    "connect",
    "open_switch",
]

"""What must be done properly, begun where it applies, brought before whoever approves, and tried on past cases."""

from careloop.processes.procedures.beginning import begin_where_held
from careloop.processes.procedures.counting import count_approvals, recount_approvals
from careloop.processes.procedures.telling import tell_approvers, tell_requesters
from careloop.processes.procedures.trying import ProcedureTrial, what_would_have_begun

__all__ = [
    "ProcedureTrial",
    "begin_where_held",
    "count_approvals",
    "recount_approvals",
    "tell_approvers",
    "tell_requesters",
    "what_would_have_begun",
]

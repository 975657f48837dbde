"""How the log of who did what names the events of what is billed."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.invoices.queries import months_of_statements
from careloop.faces.web.access.wordings import name_subjects, say

__all__: list[str] = []

name_subjects("invoice", months_of_statements)
say("invoice.issued", label=_("Invoice basis issued"), sentence=_("%(who)s issued the invoice basis of %(month)s."))
say(
    "invoice.saved",
    label=_("Invoice basis saved as a file"),
    sentence=_("%(who)s saved the invoice basis of %(month)s as a file."),
)

"""Old mail from files, through the same path as new mail, in silence (docs/how-to/import-old-mail.md)."""

from careloop.processes.mail_import.errors import MailSourceUnreadable
from careloop.processes.mail_import.importing import ImportReport, import_mail
from careloop.processes.mail_import.sources import Letter, letters_in

__all__ = ["ImportReport", "Letter", "MailSourceUnreadable", "import_mail", "letters_in"]

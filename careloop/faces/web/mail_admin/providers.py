"""Where well-known providers keep their mail servers, so that nobody has to look them up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["Provider", "provider_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider's servers. hint: what to do there first. trusted_host: whose Authentication-Results are its own."""

    name: str
    imap_host: str
    smtp_host: str
    hint: str | Promise
    imap_port: int = 993
    imap_security: str = "tls"
    smtp_port: int = 587
    smtp_security: str = "starttls"
    trusted_host: str = ""


_APP_PASSWORD = _("Switch on two-step verification there, make an app password, and enter that one here.")
_SWITCH_ON = _("Switch on IMAP and SMTP in its mail settings first, and enter the app password it gives you.")

_GMAIL: Final = Provider(
    name="Gmail",
    imap_host="imap.gmail.com",
    smtp_host="smtp.gmail.com",
    trusted_host="mx.google.com",
    hint=_APP_PASSWORD,
)
_OUTLOOK: Final = Provider(
    name="Outlook",
    imap_host="outlook.office365.com",
    smtp_host="smtp.office365.com",
    hint=_("Many accounts there refuse passwords for programs. Ask its administrator to allow IMAP and SMTP sign-in."),
)
_NAVER: Final = Provider(name="Naver", imap_host="imap.naver.com", smtp_host="smtp.naver.com", hint=_SWITCH_ON)
_DAUM: Final = Provider(
    name="Daum",
    imap_host="imap.daum.net",
    smtp_host="smtp.daum.net",
    smtp_port=465,
    smtp_security="tls",
    hint=_SWITCH_ON,
)
_QQ: Final = Provider(
    name="QQ", imap_host="imap.qq.com", smtp_host="smtp.qq.com", smtp_port=465, smtp_security="tls", hint=_SWITCH_ON
)
_TENCENT: Final = Provider(
    name="Tencent Exmail",
    imap_host="imap.exmail.qq.com",
    smtp_host="smtp.exmail.qq.com",
    smtp_port=465,
    smtp_security="tls",
    hint=_SWITCH_ON,
)
_ZOHO: Final = Provider(name="Zoho", imap_host="imap.zoho.com", smtp_host="smtp.zoho.com", hint=_APP_PASSWORD)
_YAHOO: Final = Provider(
    name="Yahoo", imap_host="imap.mail.yahoo.com", smtp_host="smtp.mail.yahoo.com", hint=_APP_PASSWORD
)
_ICLOUD: Final = Provider(name="iCloud", imap_host="imap.mail.me.com", smtp_host="smtp.mail.me.com", hint=_APP_PASSWORD)


def _netease(domain: str) -> Provider:
    return Provider(
        name=domain,
        imap_host=f"imap.{domain}",
        smtp_host=f"smtp.{domain}",
        smtp_port=465,
        smtp_security="tls",
        hint=_SWITCH_ON,
    )


_PROVIDERS: Final[Mapping[str, Provider]] = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GMAIL),
    **dict.fromkeys(("outlook.com", "hotmail.com", "live.com", "office365.com"), _OUTLOOK),
    **dict.fromkeys(("naver.com",), _NAVER),
    **dict.fromkeys(("daum.net", "hanmail.net"), _DAUM),
    **dict.fromkeys(("qq.com", "foxmail.com"), _QQ),
    **dict.fromkeys(("exmail.qq.com",), _TENCENT),
    **{domain: _netease(domain) for domain in ("163.com", "126.com", "yeah.net")},
    **dict.fromkeys(("zoho.com", "zohomail.com"), _ZOHO),
    **dict.fromkeys(("yahoo.com",), _YAHOO),
    **dict.fromkeys(("icloud.com", "me.com"), _ICLOUD),
}


def provider_of(address: str) -> Provider | None:
    """Return the well-known provider of a mail address, or None for a domain of one's own."""
    return _PROVIDERS.get(address.rpartition("@")[2].strip().lower())

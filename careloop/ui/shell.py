"""What a face tells the shells: who reads, where they are, where they can go."""

from dataclasses import dataclass

__all__ = ["Language", "NavItem", "PublicShell", "StaffShell", "ViewLink", "WorkspaceChoice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceChoice:
    """One workspace in the switcher.

    name: as people know it; its first letters become the mark.
    href: where choosing it leads.
    logo_url: a square picture, or empty.
    is_current: whether the reader is in it now.
    """

    name: str
    href: str
    logo_url: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One place in the rail; the first four also stand in the phone's bottom bar.

    label: a translated noun. href: where it leads. icon: a Lucide name, written as icon="…" so that the build finds it.
    count: text such as "12" or "1,000+", or empty. tone: a tone for the count ("missed"), or empty.
    shortcut: keys such as "g i", or empty. is_current: whether the reader is there now.
    """

    label: str
    href: str
    icon: str
    count: str = ""
    tone: str = ""
    shortcut: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLink:
    """One saved view in the rail, with how many rows it has.

    label: the view's name. href: its list. count: text such as "12" or "1,000+", or empty when unknown.
    tone: a tone for the count, or empty. is_current: whether it is open now.
    """

    label: str
    href: str
    count: str = ""
    tone: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language a page can be read in.

    code: such as "ko" or "zh-hans". name: in its own words, such as "한국어".
    """

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffShell:
    """Everything around a page of the staff workspace.

    workspaces: the reader's, the current one marked. navigation: places. views: saved views; views_url: where they are
    managed, or empty. person_name, person_email: the reader. search_url: gets `q`. settings_url, sign_out_url: sign-out
    is a POST. stream_url: the live stream, or empty for none; stream_since: the log position this page was rendered at.
    brand_css_url: the workspace's colors, or empty. new_url: where "New case" leads, or empty. notifications_url: the
    reader's notices, or empty; notification_count: text, or empty. zone: the reader's saved zone, such as "Asia/Seoul";
    zone_url: takes a POST of `zone` when the browser's differs, or empty.
    """

    workspaces: tuple[WorkspaceChoice, ...]
    navigation: tuple[NavItem, ...]
    views: tuple[ViewLink, ...] = ()
    views_url: str = ""
    person_name: str
    person_email: str
    search_url: str
    search_query: str = ""
    settings_url: str
    sign_out_url: str
    stream_url: str = ""
    stream_since: str = ""
    brand_css_url: str = ""
    new_url: str = ""
    notifications_url: str = ""
    notification_count: str = ""
    zone: str = ""
    zone_url: str = ""

    @property
    def workspace(self) -> WorkspaceChoice | None:
        """The workspace the reader is in, if any."""
        return next((choice for choice in self.workspaces if choice.is_current), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicShell:
    """Everything around a customer's page or a sign-in page.

    brand_name: the workspace's or the product's name. home_url: where the brand leads. logo_url: a picture, or empty.
    brand_css_url: the workspace's colors, or empty. languages: the choices, none hides the switch.
    language_url: takes a POST of `language` and `next`. person_name: the signed-in customer, or empty;
    requests_url: their requests, or empty; sign_in_url and sign_out_url: or empty. footer_text: one line, or empty.
    """

    brand_name: str
    home_url: str
    logo_url: str = ""
    brand_css_url: str = ""
    languages: tuple[Language, ...] = ()
    language_url: str = ""
    person_name: str = ""
    requests_url: str = ""
    sign_in_url: str = ""
    sign_out_url: str = ""
    footer_text: str = ""

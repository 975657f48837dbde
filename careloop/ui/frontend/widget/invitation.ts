/** When a visitor may be invited: on the pages meant, after a while, at most once a day, and for a month not after “not now”. */
export interface Invitation {
  readonly text: string;
  readonly path: string;
  readonly after: number;
  readonly to?: "everybody" | "new" | "returning" | "named";
}

/** Who the visitor is, as far as a page can tell. */
export interface Visitor {
  readonly isNamed: boolean;
  readonly isReturning: boolean;
}

const DAY = 86_400_000;

export function mayInvite(invitation: Invitation, path: string, seen: string | null, now: number, visitor?: Visitor): boolean {
  const { to = "everybody" } = invitation;
  const isMeant = to === "everybody" || (to === "named" ? visitor?.isNamed : visitor?.isReturning === (to === "returning"));
  return Boolean(isMeant) && path.startsWith(invitation.path) && now >= Number(seen ?? 0);
}

/** Whether somebody was on the site before; a visit lasts as long as its tab. */
export function isReturning(key: string): boolean {
  let visit = sessionStorage.getItem(key);
  if (!visit) {
    visit = localStorage.getItem(key) ? "again" : "new";
    sessionStorage.setItem(key, visit);
    localStorage.setItem(key, "was here");
  }
  return visit === "again";
}

export function seenUntil(now: number, isRefused: boolean): string {
  return String(now + (isRefused ? 30 * DAY : DAY));
}

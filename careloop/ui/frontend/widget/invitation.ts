/** When a visitor may be invited: on the pages meant, after a while, at most once a day, and for a month not after “not now”. */
export interface Invitation {
  readonly text: string;
  readonly path: string;
  readonly after: number;
}

const DAY = 86_400_000;

export function mayInvite(invitation: Invitation, path: string, seen: string | null, now: number): boolean {
  return path.startsWith(invitation.path) && now >= Number(seen ?? 0);
}

export function seenUntil(now: number, isRefused: boolean): string {
  return String(now + (isRefused ? 30 * DAY : DAY));
}

/** Whom the site invites: by the first rule that fits the page and the visitor, each in its own time, and for a month not after “not now”. */
export interface Invitation {
  /** Under which this browser remembers it. */
  readonly mark: string;
  readonly text: string;
  readonly path: string;
  /** Seconds on the page. */
  readonly after: number;
  readonly to?: "everybody" | "new" | "returning" | "named" | "unnamed";
  /** For how many hours it does not come again. */
  readonly pause: number;
}

/** Who the visitor is, as far as a page can tell. */
export interface Visitor {
  readonly isNamed: boolean;
  readonly isReturning: boolean;
}

const HOUR = 3_600_000;
const MONTH_HOURS = 30 * 24;

export class Invitations {
  constructor(
    private readonly rules: readonly Invitation[],
    private readonly key: string,
  ) {}

  /** The moments at which one may come, in seconds on the page. */
  get moments(): readonly number[] {
    return [...new Set(this.rules.map((rule) => rule.after))].sort((one, other) => one - other);
  }

  /** The first rule that fits now. seconds: on the page. */
  fitting(path: string, seconds: number, visitor: Visitor, now: number): Invitation | undefined {
    if (now < this.until("")) return undefined;
    return this.rules.find((rule) => seconds >= rule.after && path.startsWith(rule.path) && isMeant(rule, visitor) && now >= this.until(` ${rule.mark}`));
  }

  shown(rule: Invitation, now: number): void {
    localStorage.setItem(`${this.key} ${rule.mark}`, String(now + rule.pause * HOUR));
  }

  refused(now: number): void {
    localStorage.setItem(this.key, String(now + MONTH_HOURS * HOUR));
  }

  private until(mark: string): number {
    return Number(localStorage.getItem(this.key + mark) ?? 0);
  }
}

function isMeant({ to = "everybody" }: Invitation, visitor: Visitor): boolean {
  if (to === "named" || to === "unnamed") return visitor.isNamed === (to === "named");
  return to === "everybody" || visitor.isReturning === (to === "returning");
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

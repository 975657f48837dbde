/**
 * Typed text is never lost: every change goes to this device at once and to the server a moment later.
 * A text that was submitted is forgotten only when the page shows a new mark (the server took it) or htmx says so.
 */
import { post } from "../islands/request";

export interface Draft {
  html: string;
  text: string;
  kind: string;
  /** What else the form says: recipients, files and the like, by name. */
  fields?: [string, string][];
}

interface Kept extends Draft {
  at: number;
  sentAtMark?: string;
  isSaved?: boolean;
}

export type DraftState = "saving" | "saved" | "kept";

const PAUSE_MS = 1500;
const RETRY_MS = 15_000;
const MONTH_MS = 30 * 86_400_000;

export class DraftKeeper {
  private timer: number | undefined;
  private latest: Draft | undefined;
  private isDirty = false;

  constructor(
    private readonly key: string,
    private readonly mark: string,
    private readonly url: string | undefined,
    private readonly tell: (state: DraftState) => void,
  ) {}

  private get place(): string {
    return `careloop-draft ${this.key}`;
  }

  /** The text to bring back: one that the server has neither saved as the draft nor taken as the answer. */
  restore(serverHtml: string): Kept | null {
    if (!this.key) return null;
    const kept = JSON.parse(localStorage.getItem(this.place) ?? "null") as Kept | null;
    if (!kept) return null;
    const wasTaken = kept.sentAtMark !== undefined && kept.sentAtMark !== this.mark;
    if (wasTaken || kept.isSaved || Date.now() - kept.at > MONTH_MS) {
      localStorage.removeItem(this.place);
      return null;
    }
    return kept.html && kept.html !== serverHtml ? kept : null;
  }

  change(draft: Draft): void {
    this.latest = draft;
    this.isDirty = true;
    this.keep({ ...draft, at: Date.now() });
    this.later(PAUSE_MS);
  }

  submitted(): void {
    window.clearTimeout(this.timer);
    this.isDirty = false;
    if (this.latest) this.keep({ ...this.latest, at: Date.now(), sentAtMark: this.mark });
  }

  accepted(): void {
    window.clearTimeout(this.timer);
    this.latest = undefined;
    this.isDirty = false;
    localStorage.removeItem(this.place);
  }

  /** Sends what is not yet saved; when leaving, the request outlives the page. */
  async save(isLeaving = false): Promise<void> {
    window.clearTimeout(this.timer);
    const draft = this.latest;
    if (!this.url || !draft || !this.isDirty) return;
    this.isDirty = false;
    this.tell("saving");
    try {
      const own: [string, string][] = [["body", draft.html], ["body_text", draft.text], ["kind", draft.kind]];
      await post(this.url, [...own, ...(draft.fields ?? [])], isLeaving);
      this.tell("saved");
      if (!this.isDirty && this.latest === draft) this.keep({ ...draft, at: Date.now(), isSaved: true });
    } catch {
      this.isDirty = true;
      this.tell("kept");
      this.later(RETRY_MS);
    }
  }

  private later(pause: number): void {
    window.clearTimeout(this.timer);
    if (this.url) this.timer = window.setTimeout(() => void this.save(), pause);
  }

  private keep(kept: Kept): void {
    if (!this.key) return;
    try {
      localStorage.setItem(this.place, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: the server's draft is then the only copy.
    }
  }
}

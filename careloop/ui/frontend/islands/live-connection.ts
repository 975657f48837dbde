/**
 * One EventSource that never gives up. The server sends unnamed events: id = log position, data = JSON with `name`.
 * A new EventSource cannot send Last-Event-ID, so the last id also travels as ?last_event_id=.
 */

export interface LiveEvent {
  type: "event";
  id: string;
  name: string;
  detail: unknown;
}

export type LiveMessage = LiveEvent | { type: "state"; isOnline: boolean };

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const KEPT = 300;

export class LiveConnection {
  isOnline = false;
  lastId: string;
  private source: EventSource | undefined;
  private pause = FIRST_PAUSE_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly recent: LiveEvent[] = [];
  /** Everything later than this is in `recent`. */
  private knownFrom: number;

  constructor(
    private readonly url: string,
    lastId: string,
    private readonly deliver: (message: LiveMessage) => void,
    private readonly open: (url: string) => EventSource = (address) => new EventSource(address, { withCredentials: true }),
  ) {
    this.lastId = lastId;
    this.knownFrom = lastId ? Number(lastId) : Infinity;
    this.connect();
  }

  /** What a page missed that was rendered at position `since`, or null when it is too long ago to know. */
  missedSince(since: string): LiveEvent[] | null {
    if (!since || !this.lastId || Number(since) >= Number(this.lastId)) return [];
    if (Number(since) < this.knownFrom) return null;
    return this.recent.filter((event) => Number(event.id) > Number(since));
  }

  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
  }

  private connect(): void {
    const mark = this.lastId ? `${this.url.includes("?") ? "&" : "?"}last_event_id=${encodeURIComponent(this.lastId)}` : "";
    const source = this.open(this.url + mark);
    this.source = source;
    source.onopen = () => {
      this.pause = FIRST_PAUSE_MS;
      this.state(true);
    };
    source.onmessage = (event: MessageEvent<string>) => this.take(event);
    source.onerror = () => {
      this.state(false);
      source.close();
      // Spread out, so that a thousand browsers do not come back in the same second.
      this.timer = setTimeout(() => this.connect(), this.pause * (0.75 + Math.random() / 2));
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    };
  }

  private take(event: MessageEvent<string>): void {
    if (event.lastEventId) this.lastId = event.lastEventId;
    const detail = JSON.parse(event.data) as { name: string };
    const message: LiveEvent = { type: "event", id: event.lastEventId, name: detail.name, detail };
    if (event.lastEventId) this.remember(message);
    this.deliver(message);
  }

  private remember(message: LiveEvent): void {
    this.recent.push(message);
    // What led here is unknown without a first id, and after a break too long for the server to tell of.
    if (this.knownFrom === Infinity || message.name === "resync") this.knownFrom = Number(message.id);
    if (this.recent.length > KEPT) this.knownFrom = Number(this.recent.shift()!.id);
  }

  private state(isOnline: boolean): void {
    if (this.isOnline === isOnline && isOnline) return;
    this.isOnline = isOnline;
    this.deliver({ type: "state", isOnline });
  }
}

/**
 * The line to the house. What the visitor writes is kept in this browser until the house has it, and sent one after the other under
 * a mark, so that a broken line loses, doubles and turns round nothing; the stream goes on behind the last word that was heard.
 */
export interface Told {
  readonly name: "word" | "state" | "typing";
  readonly [more: string]: unknown;
}

export interface Kept {
  readonly mark: string;
  readonly previous: string;
  readonly text: string;
  readonly files: readonly number[];
}

export class Refused extends Error {
  constructor(readonly status: number, message: string, readonly fields: Readonly<Record<string, string>> = {}, readonly wait = 0) {
    super(message);
  }
}

interface Memory {
  secret: string;
  /** Whom the site had named when it began; empty where the visitor said themselves who they are. */
  who?: string;
  last: string;
  outbox: Kept[];
}

export class Connection {
  private stopper: AbortController | undefined;
  private isSending = false;
  private memory: Memory | undefined;

  constructor(
    private readonly base: string,
    private readonly language: string,
    private readonly hear: (told: Told) => void,
    private readonly state: (isOnline: boolean, problem?: Refused) => void,
  ) {
    try {
      this.memory = JSON.parse(localStorage.getItem(this.key) ?? "null") ?? undefined;
    } catch {
      this.memory = undefined;
    }
  }

  private get key(): string {
    return `careloop-chat ${this.base}`;
  }

  get isBegun(): boolean {
    return this.memory !== undefined;
  }

  /** Whether the chat in this browser is that of somebody whom the site does not name now: at a computer that several people use. */
  isOfAnother(identity: string): boolean {
    return Boolean(this.memory?.who) && this.memory?.who !== named(identity);
  }

  get waiting(): readonly Kept[] {
    return this.memory?.outbox ?? [];
  }

  async ask<T>(path: string, said?: unknown, secret = this.memory?.secret): Promise<T> {
    const isForm = said instanceof FormData;
    const response = await fetch(`${this.base}${path}?language=${this.language}`, {
      method: said === undefined ? "GET" : "POST",
      headers: {
        ...(said === undefined || isForm ? {} : { "Content-Type": "application/json" }),
        ...(secret ? { Authorization: `Bearer ${secret}` } : {}),
      },
      credentials: "omit",
      ...(said === undefined ? {} : { body: isForm ? said : JSON.stringify(said) }),
    });
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    const problem = await response.json().catch(() => ({}));
    const error = problem.error ?? {};
    throw new Refused(response.status, error.message ?? "", error.fields ?? {}, Number(response.headers.get("Retry-After") ?? 0));
  }

  /** Fetches a file, or the small picture of it that the house draws a moment after it has come. */
  async fetchFile(id: number, part: "" | "/preview" = ""): Promise<Blob> {
    const headers = { Authorization: `Bearer ${this.memory?.secret ?? ""}` };
    const response = await fetch(`${this.base}files/${id}${part}`, { headers, credentials: "omit" });
    if (!response.ok) throw new Refused(response.status, "");
    return response.blob();
  }

  /** Begins a chat. The secret is made here and remembered first, so that a second try finds the same chat. */
  async begin(said: Record<string, unknown>, pending: { secret?: string; mark?: string }): Promise<void> {
    pending.secret ??= fresh();
    pending.mark ??= crypto.randomUUID();
    await this.ask("beginnings", { ...said, mark: pending.mark }, pending.secret);
    this.memory = { secret: pending.secret, who: named(String(said.identity ?? "")), last: pending.mark, outbox: [] };
    this.keep();
    this.listen();
  }

  /** Finds the open chat of a visitor whom the site has named, begun on another device; false where there is none. */
  async resume(identity: string): Promise<boolean> {
    const secret = fresh();
    try {
      await this.ask("resumption", { identity }, secret);
    } catch {
      return false;
    }
    this.memory = { secret, who: named(identity), last: "", outbox: [] };
    this.keep();
    return true;
  }

  forget(): void {
    this.close();
    this.memory = undefined;
    localStorage.removeItem(this.key);
  }

  say(text: string, files: readonly number[]): void {
    if (!this.memory) return;
    const mark = crypto.randomUUID();
    this.memory.outbox.push({ mark, previous: this.memory.last, text, files });
    this.memory.last = mark;
    this.keep();
    void this.flush();
  }

  /** Sends what is kept, one after the other; the next goes only when the one before has arrived. */
  async flush(): Promise<void> {
    if (this.isSending || !this.memory) return;
    this.isSending = true;
    try {
      for (let next = this.memory.outbox[0]; next && this.memory; next = this.memory.outbox[0]) {
        try {
          await this.ask("messages", next);
        } catch (problem) {
          const refused = problem instanceof Refused ? problem : undefined;
          if (refused && refused.status !== 429 && refused.status < 500) {
            // The house does not want it, now or ever: said to the writer, and no reason to hold up the rest.
            const at = this.memory.outbox.shift()!;
            this.memory.outbox = this.memory.outbox.map((kept) => (kept.previous === at.mark ? { ...kept, previous: at.previous } : kept));
            if (this.memory.last === at.mark) this.memory.last = at.previous;
            this.keep();
            this.state(true, refused);
            continue;
          }
          this.state(refused !== undefined, refused);
          setTimeout(() => void this.flush(), (refused?.wait || 3) * 1000);
          return;
        }
        this.memory.outbox.shift();
        this.keep();
        this.state(true);
      }
    } finally {
      this.isSending = false;
    }
  }

  /** Listens until `close`, from behind the last word that this page has shown. */
  listen(): void {
    this.close();
    const stopper = (this.stopper = new AbortController());
    void this.follow(stopper.signal);
    void this.flush();
  }

  close(): void {
    this.stopper?.abort();
    this.stopper = undefined;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    let heard = "0";
    let pause = 500;
    while (!signal.aborted) {
      try {
        const response = await fetch(`${this.base}stream?language=${this.language}`, {
          headers: { Authorization: `Bearer ${this.memory?.secret ?? ""}`, "Last-Event-ID": heard },
          credentials: "omit",
          signal,
        });
        if (response.status === 404) return this.state(true, new Refused(404, ""));
        if (!response.ok || !response.body) throw new Refused(response.status, "");
        this.state(true);
        void this.flush();
        pause = 500;
        await read(response.body, (id, said) => {
          if (id) heard = id;
          this.hear(JSON.parse(said) as Told);
        });
      } catch {
        if (signal.aborted) return;
        this.state(false);
      }
      await new Promise((resolve) => setTimeout(resolve, pause + Math.random() * 500));
      pause = Math.min(pause * 2, 15_000);
    }
  }

  private keep(): void {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.memory));
    } catch {
      // A browser that keeps nothing still chats; only a reload begins anew.
    }
  }
}

/** Reads server-sent events; only the fields that our streams use. */
export async function read(body: ReadableStream<Uint8Array>, tell: (id: string, data: string) => void): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop()!;
    for (const event of events) {
      const fields = new Map(event.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
      if (fields.has("data")) tell(fields.get("id") ?? "", fields.get("data")!);
    }
  }
}

/** Whom a token names, as far as a page can tell; that it is true is for the house to find out. */
export function named(identity: string): string {
  try {
    const said = JSON.parse(atob(identity.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/"))) as { email?: unknown };
    return String(said.email ?? "").trim().toLowerCase();
  } catch {
    return "";
  }
}

function fresh(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

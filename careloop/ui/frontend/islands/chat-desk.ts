/**
 * <chat-desk data-stream …>: the open chat grows word by word; lists and the panel beside are fetched again when something moved. What
 * is written is sent one after the other under a mark, and tried again until the house has it; until then, and while it is only being
 * written, it is kept in this tab, so that going to another chat or loading the page anew loses nothing.
 */
import { ChatNews } from "./chat-news";
import { ReplySearch } from "./chat-replies";
import { apart, keep, keptUnder, showPicture } from "./chat-words";
import { csrfHeaders, post } from "./request";

interface Word {
  readonly id: number;
  readonly by: "us" | "visitor";
  readonly who: string;
  readonly at: string;
  readonly text: string;
  /** The text as the house wrote it, escaped, with the addresses in it made links. */
  readonly html?: string;
  readonly files: readonly { readonly id: number; readonly name: string; readonly is_picture?: boolean }[];
}

export class ChatDesk extends HTMLElement {
  private source: EventSource | undefined;
  private last = 0;
  private outbox: FormData[] = [];
  private previous = "";
  private isSending = false;
  private typedAt = 0;
  private readonly used = new Set<string>();
  private news: ChatNews | undefined;
  private readonly later = new Map<string, ReturnType<typeof setTimeout>>();

  connectedCallback(): void {
    const { stream, chat, last } = this.dataset;
    if (!stream || this.source) return;
    this.last = Number(last ?? 0);
    const url = new URL(stream, document.baseURI);
    if (chat) url.search = new URLSearchParams({ chat, after: String(this.last) }).toString();
    this.source = new EventSource(url);
    this.source.onmessage = (event: MessageEvent<string>) => this.hear(JSON.parse(event.data) as Record<string, unknown>);
    this.form?.addEventListener("submit", this.onSubmit);
    this.field?.addEventListener("keydown", this.onKey);
    this.field?.addEventListener("input", this.onType);
    const replies = this.querySelector<HTMLInputElement>("[data-replies]");
    if (replies) new ReplySearch(replies, (id, text) => this.put(id, text));
    this.news ??= new ChatNews(this);
    document.addEventListener("visibilitychange", this.onSeen);
    window.addEventListener("beforeunload", this.onLeave);
    this.recall();
    for (const text of this.querySelectorAll(".chat-words li p")) apart(text);
    if (this.words) this.words.scrollTop = this.words.scrollHeight;
    this.tellRead();
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.onSeen);
    window.removeEventListener("beforeunload", this.onLeave);
    this.source?.close();
    this.source = undefined;
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector(".chat-compose");
  }

  private get field(): HTMLTextAreaElement | null {
    return this.querySelector(".chat-compose textarea");
  }

  private get words(): HTMLElement | null {
    return this.querySelector(".chat-words");
  }

  hear(told: Record<string, unknown>): void {
    if (told.name === "word") this.add(told as unknown as Word);
    else if (told.name === "typing") this.hint((this.dataset.isWriting ?? "").replace("{who}", String(told.who)), 6000);
    else if (told.name === "rows") this.fetchLater("rows", ".chat-list");
    else if (told.name === "side") this.fetchLater("side", ".chat-side");
    else if (told.name === "read") {
      const mine = [...this.querySelectorAll<HTMLElement>(".chat-words .is-ours")].pop();
      if (mine && Number(mine.dataset.id) <= Number(told.read)) this.hint(this.dataset.read ?? "", 60_000);
    }
  }

  private add(word: Word): void {
    if (!this.words || word.id <= this.last) return;
    this.last = word.id;
    const item = document.createElement("li");
    item.dataset.id = String(word.id);
    item.classList.toggle("is-ours", word.by === "us");
    const who = document.createElement("span");
    who.className = "faint";
    who.textContent = `${word.who} · ${word.at}`;
    item.append(who);
    if (word.text) item.append(Object.assign(document.createElement("p"), word.html ? { innerHTML: word.html } : { textContent: word.text }));
    apart(item);
    for (const file of word.files) {
      const link = Object.assign(document.createElement("a"), { textContent: file.name, href: `${this.dataset.files}/${file.id}` });
      if (file.is_picture) showPicture(link, `${link.href}/preview`);
      item.append(link);
    }
    this.words.querySelector("ol")?.append(item);
    this.words.scrollTop = this.words.scrollHeight;
    this.hint("", 0);
    if (word.by === "visitor") this.news?.word();
    this.tellRead();
  }

  /** Fetches a part again, at most once a second, and never over what somebody is writing in it. */
  private fetchLater(name: "rows" | "side", place: string): void {
    if (this.later.has(name)) return;
    const go = async (): Promise<void> => {
      this.later.delete(name);
      const target = this.querySelector<HTMLElement>(place);
      const url = this.dataset[name];
      const isWriting = [...(target?.querySelectorAll<HTMLTextAreaElement>("textarea") ?? [])].some((field) => field.value);
      if (!target || !url || isWriting || target.querySelector("select:focus, textarea:focus")) return;
      const answer = await fetch(url).catch(() => undefined);
      if (!answer?.ok) return;
      target.innerHTML = await answer.text();
      if (name === "rows") this.news?.rows();
    };
    this.later.set(name, setTimeout(() => void go(), 1000));
  }

  private hint(text: string, milliseconds: number): void {
    const hint = this.querySelector(".chat-hint");
    if (!hint) return;
    hint.textContent = text;
    clearTimeout(this.later.get("hint"));
    if (text) this.later.set("hint", setTimeout(() => (hint.textContent = ""), milliseconds));
  }

  private get key(): string {
    return `careloop-chat ${this.dataset.person ?? ""} ${this.dataset.chat ?? ""}`;
  }

  private remember(): void {
    if (this.field) keep(this.key, this.field.value, this.outbox);
  }

  /** Puts back what was being written, and sends what had not arrived: under its mark, so that what did arrive is there once. */
  private recall(): void {
    const [form, field, kept] = [this.form, this.field, keptUnder(this.key)];
    if (!form || !field || !kept) return;
    field.value ||= kept.draft;
    for (const { mark, text } of kept.unsent) this.post(mark, text, new FormData(form));
  }

  private post(mark: string, text: string, said: FormData): void {
    said.set("mark", mark);
    said.set("text", text);
    said.set("previous", this.previous);
    if (!(said.getAll("files") as File[]).some((file) => file.size > 0)) said.delete("files");
    this.previous = mark;
    this.outbox.push(said);
    void this.flush();
  }

  /** Only files cannot be kept: whoever leaves while one is on its way is asked. */
  private readonly onLeave = (event: Event): void => {
    if (this.outbox.some((said) => said.has("files"))) event.preventDefault();
  };

  private readonly onSeen = (): void => {
    this.tellRead();
    this.news?.show();
  };

  private readonly tellRead = (): void => {
    if (this.dataset.reading && this.last && !document.hidden) void post(this.dataset.reading, { read: String(this.last) }).catch(() => undefined);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.form?.requestSubmit();
  };

  private readonly onType = (): void => {
    this.remember();
    if (Date.now() - this.typedAt < 3000 || !this.dataset.typing) return;
    this.typedAt = Date.now();
    void post(this.dataset.typing, {}).catch(() => undefined);
  };

  private put(replyId: string, text: string): void {
    const field = this.field!;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    this.used.add(replyId);
    field.focus();
    this.remember();
  }

  private readonly onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = this.form!;
    const said = new FormData(form);
    const hasFiles = (said.getAll("files") as File[]).some((file) => file.size > 0);
    if (!String(said.get("text")).trim() && !hasFiles) return;
    for (const id of this.used) said.append("reply_ids", id);
    this.used.clear();
    form.reset();
    this.post(crypto.randomUUID(), String(said.get("text")), said);
    this.remember();
  };

  private async flush(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    const fault = this.querySelector(".chat-compose .fault");
    for (let next = this.outbox[0]; next; next = this.outbox[0]) {
      const answer = await fetch(this.form!.action, { method: "POST", body: next, headers: { ...csrfHeaders(), Accept: "application/json" } }).catch(() => undefined);
      if (answer === undefined || answer.status >= 500) {
        if (fault) fault.textContent = this.dataset.failed ?? "";
        await new Promise((resolve) => setTimeout(resolve, 3000));
        continue;
      }
      this.outbox.shift();
      if (fault) fault.textContent = answer.ok ? "" : String(((await answer.json().catch(() => ({}))) as { message?: string }).message ?? "");
      if (!answer.ok) {
        // Refused for good: what was written comes back to its writer, and the next words follow the one before it.
        const field = this.field!;
        field.value = [String(next.get("text")), field.value].filter(Boolean).join("\n");
        for (const kept of this.outbox) if (kept.get("previous") === next.get("mark")) kept.set("previous", next.get("previous")!);
        if (this.previous === next.get("mark")) this.previous = String(next.get("previous"));
      }
      this.remember();
    }
    this.isSending = false;
  }
}

customElements.define("chat-desk", ChatDesk);

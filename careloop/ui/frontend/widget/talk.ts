/** The conversation itself: what was said, who is here, and the place to write. */
import { CallMe } from "./call-me";
import type { Connection, Refused, Told } from "./connection";
import { CLIP, SMILE, drawing, filled, make } from "./elements";
import { linked } from "./linked";
import type { Config } from "./widget";

interface File {
  readonly id: number;
  readonly name: string;
  readonly is_risky: boolean;
  readonly is_picture?: boolean;
}

interface Word {
  readonly id: number;
  readonly by: "us" | "you";
  readonly who: string;
  readonly at: string;
  readonly text: string;
  readonly files: readonly File[];
}

interface Stand {
  readonly state: "waiting" | "active" | "ended";
  readonly who: string;
  readonly read: number;
  readonly seen: number;
  readonly ended_by: string;
  /** Somebody of ours had the chat before. */
  readonly was_with?: boolean;
  readonly place: { readonly ahead: number; readonly minutes: readonly number[] } | null;
}

const EMOJIS = ["🙂", "😀", "😊", "😉", "😍", "😂", "😢", "😮", "😕", "😠", "👍", "👎", "👋", "🙏", "👏", "❤️", "🎉", "✅", "❓", "📦"];

const WARNING = 60_000;

export class Talk {
  private readonly about = make("p", { class: "about", role: "status" });
  private readonly note = make("p", { class: "note", role: "status", hidden: true });
  private readonly byMail: HTMLButtonElement;
  private isByMail = false;
  private readonly call: CallMe;
  private readonly list = make("ol");
  private readonly log = make("div", { role: "log", "aria-live": "polite" }, this.list);
  private readonly body = make("div", { class: "body", tabindex: "0" }, this.log);
  private readonly kept = make("ol");
  private readonly typing = make("p", { class: "hint" });
  private readonly bar: HTMLFormElement;
  private readonly field: HTMLTextAreaElement;
  private readonly emojis: HTMLElement;
  private readonly choices = make("div", { class: "menu", hidden: true });
  private files: File[] = [];
  private readonly filesShown = make("p", { class: "hint files", hidden: true });
  private stand: Stand | undefined;
  private last = 0;
  private typedAt = 0;
  private silent: ReturnType<typeof setTimeout> | undefined;
  private typingOver: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly config: Config,
    private readonly connection: Connection,
    private readonly isShown: () => boolean,
    private readonly again: () => void,
    private readonly sound?: { readonly isWanted: boolean; turn(): void },
  ) {
    const { words } = config;
    this.byMail = make("button", { class: "plain", type: "button", hidden: true, click: () => void this.askForMail() }, words.by_mail ?? "");
    this.call = new CallMe(config, connection);
    this.call.box.addEventListener("promised", () => this.showStand());
    this.log.setAttribute("aria-label", config.name);
    this.body.append(this.kept, this.typing);
    this.field = make("textarea", { rows: "2", maxlength: "4000", "aria-label": words.write, placeholder: words.write });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.bar.requestSubmit();
    });
    this.field.addEventListener("input", () => this.type());
    this.emojis = make("div", { class: "emojis", hidden: true }, ...EMOJIS.map((one) => make("button", { type: "button", click: () => this.insert(one) }, one)));
    const chooser = make("input", { type: "file", class: "hide", tabindex: "-1", "aria-hidden": "true", change: () => void this.attach(chooser) });
    const opener = make("button", { type: "button", "aria-label": words.emoji, "aria-expanded": "false" }, drawing(SMILE));
    opener.addEventListener("click", () => {
      this.emojis.hidden = !this.emojis.hidden;
      opener.setAttribute("aria-expanded", String(!this.emojis.hidden));
    });
    const attach = make("button", { type: "button", "aria-label": words.attach, click: () => chooser.click() }, drawing(CLIP));
    this.bar = make("form", { class: "compose" }, this.filesShown, this.field, opener, attach, chooser, make("button", { class: "main", type: "submit" }, words.send!));
    this.bar.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.field.value.trim();
      if (!text && !this.files.length) return;
      this.connection.say(text, this.files.map((file) => file.id));
      this.field.value = "";
      this.files = [];
      this.showFiles();
      this.showKept();
    });
    this.showKept();
  }

  get parts(): Node[] {
    return [this.choices, this.about, this.byMail, this.call.box, this.note, this.body, this.emojis, this.bar];
  }

  /** Called when the panel has opened: what was not read is read now. */
  shown(): void {
    this.body.scrollTop = this.body.scrollHeight;
    this.tellRead();
    this.field.focus();
  }

  menu(button: HTMLElement): void {
    const { words } = this.config;
    const isOver = this.stand?.state === "ended";
    const act = (label: string, transcript: boolean) =>
      make("button", { class: "plain", type: "button", click: () => void this.end(transcript, button) }, label);
    const sound = make("button", { class: "plain", type: "button", "aria-pressed": String(this.sound?.isWanted ?? false) }, words.sound ?? "");
    sound.addEventListener("click", () => {
      this.sound?.turn();
      sound.setAttribute("aria-pressed", String(this.sound?.isWanted));
    });
    this.choices.replaceChildren(...(isOver ? [act(words.transcript!, true)] : [act(words.end!, false), act(words.end_mail!, true)]), ...(this.sound ? [sound] : []));
    this.choices.hidden = !this.choices.hidden;
    button.setAttribute("aria-expanded", String(!this.choices.hidden));
    this.choices.querySelector("button")?.focus();
  }

  /** Takes in what the stream says; true for a new word of ours. */
  hear(told: Told): boolean {
    if (told.name === "typing") {
      this.typing.textContent = filled(this.config.words.typing!, { who: String(told.who) });
      clearTimeout(this.typingOver);
      this.typingOver = setTimeout(() => (this.typing.textContent = ""), 6000);
      return false;
    }
    if (told.name === "state") {
      this.stand = { ...(told as unknown as Stand), place: (told.place as Stand["place"]) ?? this.stand?.place ?? null };
      this.showStand();
      return false;
    }
    return this.add(told as unknown as Word);
  }

  line(isOnline: boolean, problem?: Refused): void {
    this.note.textContent = problem?.message || (isOnline ? "" : this.config.words.offline!);
    this.note.classList.toggle("bad", Boolean(problem?.message));
    this.note.hidden = !this.note.textContent;
    this.showKept();
  }

  private add(word: Word): boolean {
    if (word.id <= this.last) return false; // heard already: ids of a chat only grow
    this.last = word.id;
    const { words, language } = this.config;
    const at = new Date(word.at).toLocaleTimeString(language, { hour: "numeric", minute: "2-digit" });
    const item = make("li", { class: word.by, "data-id": String(word.id) }, make("span", { class: "who" }, `${word.by === "us" ? word.who : words.you!} · ${at}`));
    if (word.text) item.append(make("p", { class: "text" }, ...linked(word.text)));
    for (const file of word.files) item.append(this.fileButton(file));
    const isBelow = this.body.scrollTop + this.body.clientHeight >= this.body.scrollHeight - 80;
    this.list.append(item);
    this.awaitWord(word);
    this.typing.textContent = "";
    this.showKept();
    this.showStand();
    if (isBelow || word.by === "you") this.body.scrollTop = this.body.scrollHeight;
    this.tellRead();
    return word.by === "us" && word.id > (this.stand?.seen ?? 0);
  }

  /** After our word: asks whether somebody is still there, a minute before silence ends the chat. */
  private awaitWord(word: Word): void {
    clearTimeout(this.silent);
    if (word.by === "you") {
      if (this.note.textContent === this.config.words.silent) this.line(true);
      return;
    }
    const left = this.config.silence * 1000 - Math.max(0, Date.now() - Date.parse(word.at)) - WARNING;
    if (left > 0) this.silent = setTimeout(() => this.askWhetherThere(), left);
  }

  private askWhetherThere(): void {
    if (this.stand?.state !== "active") return;
    this.note.textContent = this.config.words.silent!;
    this.note.hidden = false;
  }

  private fileButton(file: File): HTMLElement {
    const save = async (): Promise<void> => {
      const url = URL.createObjectURL(await this.connection.fetchFile(file.id));
      make("a", { href: url, download: file.name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    };
    const button = make("button", { class: "plain", type: "button", click: () => void save() }, drawing(CLIP), file.name);
    if (file.is_picture) void this.showPicture(file, button);
    return file.is_risky ? make("div", {}, make("p", { class: "fault" }, this.config.words.risky!), button) : button;
  }

  /** Shows a picture above its name, as soon as it is drawn; where the site lets none in, the name alone stays. */
  private async showPicture(file: File, button: HTMLElement): Promise<void> {
    for (let pause = 1000; pause < 20_000; pause *= 2) {
      const blob = await this.connection.fetchFile(file.id, "/preview").catch(() => undefined);
      if (blob) {
        const picture = make("img", { src: URL.createObjectURL(blob), alt: "" });
        picture.addEventListener("error", () => picture.remove());
        picture.addEventListener("load", () => {
          URL.revokeObjectURL(picture.src);
          const isBelow = this.body.scrollTop + this.body.clientHeight + picture.offsetHeight >= this.body.scrollHeight - 80;
          if (isBelow) this.body.scrollTop = this.body.scrollHeight;
        });
        return button.prepend(picture);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  private showKept(): void {
    const waiting = this.connection.waiting;
    this.kept.replaceChildren(...waiting.map((kept) => make("li", { class: "you" }, make("p", { class: "text" }, kept.text || drawing(CLIP)), make("span", { class: "who" }, this.config.words.sending!))));
  }

  private showStand(): void {
    if (!this.stand) return;
    const { words } = this.config;
    const { state, who, place, read, ended_by, was_with } = this.stand;
    const isOver = state === "ended";
    this.bar.hidden = isOver;
    this.byMail.hidden = state !== "waiting";
    this.call.show(state === "waiting");
    if (isOver) {
      const how = this.isByMail ? "kept" : ended_by === "silence" ? "ended_silence" : ended_by === "nobody" ? "ended_nobody" : "ended";
      this.about.replaceChildren(this.call.promised || words[how]!, make("button", { class: "plain", type: "button", click: this.again }, words.again!));
    } else if (state === "active") this.about.textContent = filled(words.joined!, { who });
    else {
      const ahead = place?.ahead ?? 0;
      const standing = ahead === 0 ? words.next! : ahead === 1 ? words.ahead_one! : filled(words.ahead!, { count: ahead });
      const [middle, least, most] = place?.minutes ?? [];
      const wait = middle === undefined ? words.wait_unknown! : most === 1 ? words.wait_one! : filled(words.wait!, { middle, least: least!, most: most! });
      this.about.textContent = [...(was_with ? [words.goes_on!] : []), standing, wait].join(" ");
    }
    this.list.querySelector(".read")?.remove();
    const mine = [...this.list.querySelectorAll<HTMLElement>("li.you")].pop();
    mine?.append(make("span", { class: "who read" }, words[Number(mine.dataset.id) <= read ? "read" : "sent"]!));
  }

  tellRead(): void {
    if (!this.isShown() || document.hidden || this.last <= (this.stand?.seen ?? 0)) return;
    void this.connection.ask("reading", { read: [this.last] }).catch(() => undefined);
  }

  private type(): void {
    if (Date.now() - this.typedAt < 3000) return;
    this.typedAt = Date.now();
    void this.connection.ask("typing", {}).catch(() => undefined);
  }

  private insert(text: string): void {
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.field.focus();
  }

  private async attach(chooser: HTMLInputElement): Promise<void> {
    const { words, limit } = this.config;
    for (const file of chooser.files ?? []) {
      if (file.size > limit * 1024 ** 2) {
        this.problem(filled(words.too_large!, { limit }));
        continue;
      }
      const form = new FormData();
      form.append("file", file);
      try {
        this.files.push(await this.connection.ask<File>("files", form));
      } catch (problem) {
        this.problem((problem as Error).message || words.failed!);
      }
    }
    chooser.value = "";
    this.showFiles();
  }

  private problem(message: string): void {
    this.note.textContent = message;
    this.note.classList.add("bad");
    this.note.hidden = false;
  }

  private showFiles(): void {
    this.filesShown.replaceChildren(...this.files.map((file) => make("span", {}, drawing(CLIP), file.name)));
    this.filesShown.hidden = this.files.length === 0;
  }

  /** The visitor would rather not wait; somebody who comes at this very moment is there all the same. */
  private async askForMail(): Promise<void> {
    this.isByMail = true;
    try {
      await this.connection.ask("ending", { by_mail: true });
    } catch (problem) {
      this.isByMail = false;
      this.problem((problem as Error).message || this.config.words.failed!);
    }
  }

  private async end(transcript: boolean, button: HTMLElement): Promise<void> {
    this.choices.hidden = true;
    button.setAttribute("aria-expanded", "false");
    try {
      await this.connection.ask("ending", { transcript });
      if (transcript) {
        this.line(true);
        this.note.textContent = this.config.words.transcript_sent!;
        this.note.hidden = false;
      }
    } catch (problem) {
      this.problem((problem as Error).message || this.config.words.failed!);
    }
  }
}

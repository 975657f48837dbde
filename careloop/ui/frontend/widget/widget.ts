/**
 * <careloop-chat>: a chat on any page. One script tag brings it; the page may say who its visitor is by the attribute `identity` or by
 * `window.careloopChat = { identity }` (a signed token). A link to `#careloop-chat` opens it, as `open()` does; `forget()` is for pages
 * that sign somebody out without loading anew. Everything lives in a shadow root.
 */
import { Connection, Refused, type Told } from "./connection";
import { DOTS, drawing, filled, make, moment } from "./elements";
import { Invitations, isReturning, type Invitation } from "./invitation";
import { Chime, TabTitle } from "./notice";
import { Staying } from "./staying";
import { STYLE } from "./style";
import { Talk } from "./talk";

export interface Config {
  readonly name: string;
  readonly brand: string;
  readonly greeting: string;
  readonly language: string;
  readonly state: "open" | "away" | "outside" | "full";
  readonly opens_at: string | null;
  /** By which rules visitors are invited, in their order. */
  readonly invitations: readonly Invitation[];
  /** What a visitor agrees to before they give their details. */
  readonly notice: { readonly text: string; readonly url: string } | null;
  /** Until when somebody is called who asks for it; null where nobody is. */
  readonly callback: { readonly by: string } | null;
  readonly limit: number;
  /** After how many seconds without a word of the visitor's an answered chat is over. */
  readonly silence: number;
  readonly words: Readonly<Record<string, string>>;
}

const BASE = new URL(".", import.meta.url).href;
const BUBBLE = "M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z";
const CROSS = "M6 6l12 12M18 6L6 18";
/** How long what was heard of the service may be used: it opens, closes, and people come and go. */
const FRESH = 60_000;
/** What a link on the site leads to that opens the chat. */
const CALL = "#careloop-chat";

export class CareloopChat extends HTMLElement {
  static readonly observedAttributes = ["identity"];
  private readonly root = this.attachShadow({ mode: "open" });
  private config!: Config;
  private connection!: Connection;
  private panel: HTMLElement | undefined;
  private talk: Talk | undefined;
  private launch!: HTMLButtonElement;
  private unread = 0;
  private staying: Staying | undefined;
  private readonly tabTitle = new TabTitle();
  private readonly chime = new Chime(`careloop-chat-sound ${BASE}`);
  private asked = Date.now();
  private readonly pending: { secret?: string; mark?: string } = {};
  private requestMark = crypto.randomUUID() as string;

  async connectedCallback(): Promise<void> {
    if (this.launch) return;
    const language = this.getAttribute("lang") ?? document.documentElement.lang ?? navigator.language;
    const base = this.getAttribute("src") ?? BASE;
    this.connection = new Connection(base, encodeURIComponent(language || navigator.language), this.hear, this.changed);
    try {
      this.config = await this.connection.ask<Config>("config", undefined, "");
    } catch {
      return; // a site that may not show the chat, or a chat that is switched off, shows nothing
    }
    this.setAttribute("lang", this.config.language);
    const sheets = [STYLE, this.config.brand].map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    this.root.adoptedStyleSheets = sheets;
    this.launch = make("button", { class: "launch main", type: "button", "aria-expanded": "false", "aria-label": this.config.words.open, click: () => this.toggle() }, drawing(BUBBLE));
    this.root.append(this.launch);
    document.addEventListener("visibilitychange", this.returned);
    document.addEventListener("click", this.called);
    await this.meet();
    if (!this.connection.isBegun) this.plan();
    if (location.hash === CALL) this.open();
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.returned);
    document.removeEventListener("click", this.called);
    this.connection?.close();
  }

  attributeChangedCallback(): void {
    if (this.launch) void this.meet();
  }

  /** Opens the chat, as the round button does. */
  open(): void {
    if (this.launch && !this.panel) this.toggle();
  }

  close(): void {
    if (this.panel) this.toggle();
  }

  /** Takes the chat out of this browser, because whoever used the page goes; for whom the site names it waits at the house. */
  forget(): void {
    this.connection.forget();
    delete this.pending.secret;
    delete this.pending.mark;
    this.talk = undefined;
    this.count(0);
    this.fill();
  }

  /** Whoever the site names now finds their own chat here, and nobody else's. */
  private async meet(): Promise<void> {
    if (this.connection.isOfAnother(this.identity)) this.forget();
    if (!this.connection.isBegun && this.identity) await this.connection.resume(this.identity);
    if (!this.connection.isBegun || this.talk) return;
    this.talk = this.newTalk();
    this.connection.listen();
    this.fill();
  }

  private readonly called = (event: Event): void => {
    const link = event.target instanceof Element ? event.target.closest(`a[href="${CALL}"]`) : null;
    if (!link) return;
    event.preventDefault();
    this.open();
  };

  private get identity(): string {
    const page = window as unknown as { careloopChat?: { identity?: string } };
    return this.getAttribute("identity") ?? page.careloopChat?.identity ?? "";
  }

  private plan(): void {
    if (!this.config.invitations.length) return;
    const invitations = new Invitations(this.config.invitations, `careloop-chat-invited ${BASE}`);
    const wasHere = isReturning(`careloop-chat-visit ${BASE}`);
    let isDone = false;
    const found = (seconds: number): Invitation | undefined => {
      if (isDone || this.panel || this.connection.isBegun) return undefined;
      return invitations.fitting(location.pathname, seconds, { isNamed: Boolean(this.identity), isReturning: wasHere }, Date.now());
    };
    for (const seconds of invitations.moments) {
      setTimeout(async () => {
        // The house is asked only now: who was free when the page was opened may not be any more.
        const answer = found(seconds) ? await this.connection.ask<{ may: boolean }>("invitation", undefined, "").catch(() => undefined) : undefined;
        const rule = answer?.may ? found(seconds) : undefined;
        if (!rule) return;
        isDone = true;
        invitations.shown(rule, Date.now());
        this.invite(rule.text, () => invitations.refused(Date.now()));
      }, seconds * 1000);
    }
  }

  private invite(text: string, refuse: () => void): void {
    const { words } = this.config;
    const box = make("div", { class: "invite", role: "status" });
    const away = (act: () => void) => () => {
      box.remove();
      act();
    };
    this.root.append(box); // first empty: a screen reader tells what comes into it
    box.append(
      make("p", {}, text),
      make("button", { class: "main", type: "button", click: away(() => this.toggle()) }, words.begin!),
      make("button", { class: "plain", type: "button", click: away(refuse) }, words.not_now!),
    );
  }

  private toggle(): void {
    if (this.panel) return this.shut();
    const { words } = this.config;
    this.root.querySelector(".invite")?.remove();
    const close = make("button", { type: "button", "aria-label": words.close, click: () => this.shut() }, drawing(CROSS));
    const more = make("button", { type: "button", "aria-label": words.menu, "aria-expanded": "false", click: () => this.talk?.menu(more) }, drawing(DOTS));
    more.hidden = !this.connection.isBegun;
    this.panel = make("section", { class: "panel", role: "dialog", "aria-label": this.config.name }, make("header", {}, make("h2", {}, this.config.name), more, close));
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.shut();
      this.chime.prepare();
    });
    this.panel.addEventListener("click", () => this.chime.prepare());
    this.chime.prepare();
    this.root.append(this.panel);
    this.staying = new Staying(this.panel);
    this.launch.setAttribute("aria-expanded", "true");
    this.fill();
    this.count(0);
    void this.refresh();
  }

  /** Asks again how things stand, where that was long ago; what is open goes on with it, and what was typed stays. */
  private async refresh(isSure = false): Promise<void> {
    if (this.connection.isBegun || (!isSure && Date.now() - this.asked < FRESH)) return;
    const fresh = await this.connection.ask<Config>("config", undefined, "").catch(() => undefined);
    if (!fresh || this.connection.isBegun) return;
    const was = this.config;
    this.config = fresh;
    this.asked = Date.now();
    const form = this.panel?.querySelector("form");
    if (!form || (was.state === fresh.state && was.opens_at === fresh.opens_at)) return;
    const typed = new FormData(form);
    const at = this.root.activeElement?.getAttribute("name");
    this.fill();
    for (const [name, value] of typed) {
      const field = this.panel?.querySelector<HTMLInputElement>(`[name="${name}"]`);
      if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = String(value);
      if (name === at) field?.focus();
    }
  }

  private shut(): void {
    this.panel?.remove();
    this.panel = undefined;
    this.launch.setAttribute("aria-expanded", "false");
    this.staying?.end(this.launch);
    this.staying = undefined;
  }

  private fill(): void {
    if (!this.panel) return;
    for (const old of [...this.panel.children].slice(1)) old.remove();
    (this.panel.querySelector("header button") as HTMLElement).hidden = !this.connection.isBegun;
    if (this.connection.isBegun) {
      this.talk ??= this.newTalk();
      this.panel.append(...this.talk.parts);
      this.talk.shown();
    } else this.panel.append(...this.first());
    (this.panel.querySelector<HTMLElement>("input, textarea") ?? this.panel.querySelector<HTMLElement>(".body"))?.focus();
  }

  /** What stands there before anything was said: a chat can begin, or a message be left. */
  private first(): Node[] {
    const { words, state, greeting, opens_at } = this.config;
    const isOpen = state === "open";
    const about = make("p", { class: "about" }, greeting && isOpen ? greeting : words[isOpen ? "online" : state]!);
    if (opens_at) {
      about.append(" ", filled(words.opens!, { when: moment(opens_at, this.config.language) }));
    }
    const form = make("form", { novalidate: true });
    if (!this.identity) form.append(this.field("name", words.your_name!, "text", "name"), this.field("address", words.your_address!, "email", "email", words.why_address!));
    form.append(this.field("text", words.your_message!, "textarea", "off"));
    const { callback } = this.config;
    if (callback && !isOpen) form.append(this.field("phone", words.your_phone!, "tel", "tel", `${words.call_too!} ${filled(words.call_by!, { when: moment(callback.by, this.config.language) })}`, false));
    form.append(...this.notice(), make("p", { class: "fault", role: "alert" }));
    const send = make("button", { class: "main", type: "submit" }, words[isOpen ? "begin" : "leave_message"]!);
    form.append(send);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (send.disabled) return;
      const empty = [...form.querySelectorAll<HTMLInputElement>("input:required, textarea:required")].find((input) => (input.type === "checkbox" ? !input.checked : !input.value.trim()));
      if (empty) return this.fault(form, { [empty.name]: words.required! }, words.required!);
      send.disabled = true;
      const said = { ...Object.fromEntries(new FormData(form)), agreed: form.querySelector<HTMLInputElement>("[name=agreed]")?.checked ?? false, identity: this.identity, page: location.href };
      try {
        if (isOpen) {
          await this.connection.begin(said, this.pending);
          this.fill();
        } else await this.leave(said);
      } catch (problem) {
        const refused = problem instanceof Refused ? problem : undefined;
        // The service closed while somebody wrote: the same words can be left as a message.
        if (refused?.status === 409) await this.refresh(true);
        send.disabled = false;
        this.fault(this.panel?.querySelector("form") ?? form, refused?.fields ?? {}, refused?.message || words.failed!);
      }
    });
    return [about, make("div", { class: "body" }, form)];
  }

  private async leave(said: Record<string, unknown>): Promise<void> {
    const { words } = this.config;
    const { number, callback } = await this.connection.ask<{ number: number; callback?: { by: string } | null }>("requests", { ...said, mark: this.requestMark }, "");
    this.requestMark = crypto.randomUUID();
    const thanks = make("p", { role: "status", tabindex: "-1" }, callback ? filled(words.called!, { when: moment(callback.by, this.config.language) }) : filled(words.left!, { number }));
    const another = make("button", { class: "plain", type: "button", click: () => this.fill() }, words.another!);
    this.panel?.querySelector(".body")?.replaceChildren(thanks, another);
    thanks.focus();
  }

  private field(name: string, label: string, type: string, complete: string, hint = "", required = true): HTMLElement {
    const given = { name, autocomplete: complete, required, "aria-describedby": `${name}-fault` };
    const input = type === "textarea" ? make("textarea", { ...given, rows: "4", maxlength: "4000" }) : make("input", { ...given, type, maxlength: "200" });
    return make("label", {}, label, input, ...(hint ? [make("span", { class: "hint" }, hint)] : []), make("span", { class: "fault", id: `${name}-fault` }));
  }

  private notice(): Node[] {
    const { words, notice } = this.config;
    if (!notice) return [];
    const box = make("input", { type: "checkbox", name: "agreed", required: true, "aria-describedby": "agreed-fault" });
    const more = notice.url ? [" ", make("a", { href: notice.url, target: "_blank", rel: "noopener noreferrer" }, words.notice_more!)] : [];
    return [make("div", { class: "agree" }, make("label", {}, box, make("span", {}, notice.text)), ...more, make("span", { class: "fault", id: "agreed-fault" }))];
  }

  private fault(form: HTMLFormElement, fields: Readonly<Record<string, string>>, message: string): void {
    for (const input of form.querySelectorAll<HTMLInputElement>("input, textarea")) {
      const words = fields[input.name] ?? "";
      form.querySelector(`#${input.name}-fault`)!.textContent = words;
      input.setAttribute("aria-invalid", String(words !== ""));
    }
    form.querySelector("[role=alert]")!.textContent = Object.keys(fields).length ? "" : message;
    (form.querySelector<HTMLElement>("[aria-invalid=true]") ?? form.querySelector<HTMLElement>("textarea"))?.focus();
  }

  private newTalk(): Talk {
    return new Talk(this.config, this.connection, () => this.panel !== undefined, () => this.forget(), this.chime);
  }

  private readonly hear = (told: Told): void => {
    this.talk ??= this.newTalk();
    const isNews = this.talk.hear(told);
    if (!isNews || (this.panel && !document.hidden)) return;
    this.count(this.unread + 1);
    this.chime.play();
  };

  /** Whoever comes back to the page reads what came meanwhile. */
  private readonly returned = (): void => {
    this.talk?.tellRead();
    this.count(this.panel && !document.hidden ? 0 : this.unread);
  };

  private readonly changed = (isOnline: boolean, problem?: Refused): void => {
    if (problem?.status === 404) {
      this.connection.forget();
      this.talk = undefined;
      return this.fill();
    }
    this.talk?.line(isOnline, problem);
  };

  private count(unread: number): void {
    this.unread = unread;
    this.tabTitle.show(document.hidden ? unread : 0);
    this.launch.querySelector(".count")?.remove();
    const { words } = this.config;
    this.launch.setAttribute("aria-label", unread ? `${words.open}: ${filled(words.new_words!, { count: unread })}` : words.open!);
    if (unread && !this.panel) this.launch.append(make("span", { class: "count", "aria-hidden": "true" }, String(unread)));
  }
}

if (!customElements.get("careloop-chat")) {
  customElements.define("careloop-chat", CareloopChat);
  if (!document.querySelector("careloop-chat")) document.body.append(document.createElement("careloop-chat"));
}

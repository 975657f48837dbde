/** The list under the caret: "/" finds saved replies, "@" finds people. */
import { find, type Found } from "../islands/request";
import type { EditorView } from "prosemirror-view";
import { schema, sliceFromHtml } from "./schema";

export interface Sources {
  "/"?: string;
  "@"?: string;
}

const PAUSE_MS = 120;
const ASKED = /(?:^|[\s\uFFFC])([/@])([^\s/@]{0,40})$/;
let lists = 0;

/** What the reader is asking for before the caret: its sign, its words, and how long both are. */
export function asked(before: string): { sign: "/" | "@"; query: string; size: number } | null {
  const match = ASKED.exec(before);
  if (!match) return null;
  const query = match[2] ?? "";
  return { sign: match[1] as "/" | "@", query, size: query.length + 1 };
}

export class Suggestions {
  readonly list = document.createElement("div");
  private found: Found[] = [];
  private at = 0;
  private size = 0;
  private sign: "/" | "@" = "/";
  private query: string | null = null;
  private refused: string | null = null;
  private timer: number | undefined;
  private request: AbortController | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly sources: Sources,
    private readonly labels: Required<Sources>,
    private readonly none: string,
    private readonly used: (replyId: string) => void,
    private readonly offers: (sign: "/" | "@") => boolean,
  ) {
    this.list.id = `suggestions-${++lists}`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    // It scrolls, so a keyboard must be able to reach it.
    this.list.tabIndex = 0;
    host.append(this.list);
  }

  get isOpen(): boolean {
    return !this.list.hidden;
  }

  /** Looks at the text before the caret after every change. */
  update(view: EditorView): void {
    const { $from, empty } = view.state.selection;
    const before = empty ? $from.parent.textBetween(0, $from.parentOffset, undefined, "\uFFFC") : "";
    const ask = asked(before);
    const url = ask && this.offers(ask.sign) && this.sources[ask.sign];
    if (!ask || !url || !view.hasFocus()) {
      this.refused = null;
      this.close(view);
      return;
    }
    const key = ask.sign + ask.query;
    if (key === this.query || key === this.refused) return;
    this.query = key;
    this.size = ask.size;
    this.sign = ask.sign;
    window.clearTimeout(this.timer);
    this.request?.abort();
    this.timer = window.setTimeout(() => {
      this.request = new AbortController();
      find(url, ask.query, this.request.signal).then(
        (found) => this.offer(view, found),
        (fault: Error) => fault.name !== "AbortError" && this.offer(view, []),
      );
    }, PAUSE_MS);
  }

  onPick(view: EditorView): void {
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = (event.target as Element).closest(".combo-option");
      if (option) this.choose(view, [...this.list.children].indexOf(option));
    });
  }

  /** Arrow keys, Enter, Tab and Escape while the list is open; composed characters are left alone. */
  key(view: EditorView, event: KeyboardEvent): boolean {
    if (!this.isOpen || event.isComposing || view.composing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      this.refused = this.query;
      this.close(view);
      return true;
    }
    if (this.found.length === 0) return false;
    if (step) {
      this.at = (this.at + step + this.found.length) % this.found.length;
      this.mark(view);
      return true;
    }
    if (event.key === "Enter" || event.key === "Tab") {
      this.choose(view, this.at);
      return true;
    }
    return false;
  }

  close(view: EditorView): void {
    window.clearTimeout(this.timer);
    this.request?.abort();
    this.query = null;
    this.list.hidden = true;
    view.dom.removeAttribute("aria-activedescendant");
  }

  private offer(view: EditorView, found: Found[]): void {
    this.found = found;
    this.at = 0;
    this.list.replaceChildren(...found.map((item, index) => option(`${this.list.id}-${index}`, item)));
    if (found.length === 0) this.list.append(nothing(this.none));
    const caret = view.coordsAtPos(view.state.selection.from);
    const frame = this.host.getBoundingClientRect();
    this.list.setAttribute("aria-label", this.labels[this.sign]);
    this.list.hidden = false;
    const left = Math.min(caret.left - frame.left, Math.max(frame.width - this.list.offsetWidth - 8, 0));
    this.list.style.left = `${left}px`;
    const hasRoomBelow = caret.bottom + this.list.offsetHeight + 12 < window.innerHeight;
    this.list.style.top = hasRoomBelow ? `${caret.bottom - frame.top + 4}px` : `${caret.top - frame.top - this.list.offsetHeight - 4}px`;
    this.mark(view);
  }

  private mark(view: EditorView): void {
    this.list.querySelectorAll(".combo-option").forEach((element, index) => {
      element.setAttribute("aria-selected", String(index === this.at));
      if (index !== this.at) return;
      view.dom.setAttribute("aria-activedescendant", element.id);
      element.scrollIntoView({ block: "nearest" });
    });
  }

  private choose(view: EditorView, index: number): void {
    const item = this.found[index];
    if (!item) return;
    const to = view.state.selection.from;
    const from = to - this.size;
    const change = view.state.tr;
    if (this.sign === "@") {
      const mention = schema.nodes.mention!.create({ id: String(item.id ?? item.label), label: item.label });
      change.replaceWith(from, to, [mention, schema.text(" ")]);
    } else {
      change.delete(from, to).replaceSelection(sliceFromHtml(item.html ?? ""));
      if (item.id !== undefined) this.used(String(item.id));
    }
    this.close(view);
    view.dispatch(change.scrollIntoView());
    view.focus();
  }
}

function option(id: string, item: Found): HTMLElement {
  const element = document.createElement("div");
  element.id = id;
  element.className = "combo-option";
  element.setAttribute("role", "option");
  element.textContent = item.label;
  if (item.detail) {
    const detail = document.createElement("small");
    detail.textContent = item.detail;
    element.append(detail);
  }
  return element;
}

function nothing(words: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "combo-none";
  element.setAttribute("role", "option");
  element.setAttribute("aria-disabled", "true");
  element.textContent = words;
  return element;
}

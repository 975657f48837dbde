/**
 * <key-shortcuts data-help="DIALOG">: presses what carries data-shortcut ("c", "/", "g i"), focuses it when it is a
 * field; "?" opens the sheet made of every data-shortcut-label. Silent while somebody types or composes.
 */
import { openDialog } from "./dialogs";

const SEQUENCE_MS = 1200;
const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

function cap(key: string): HTMLElement {
  const element = document.createElement("kbd");
  element.className = "kbd";
  element.textContent = key;
  return element;
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true], [contenteditable='']") !== null;
}

export class KeyShortcuts extends HTMLElement {
  private first = "";
  private firstAt = 0;

  connectedCallback(): void {
    document.addEventListener("keydown", this.onKey);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onKey);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      this.showHelp();
      return;
    }
    const isSecond = this.first !== "" && event.timeStamp - this.firstAt < SEQUENCE_MS;
    const target = (isSecond && this.named(`${this.first} ${event.key}`)) || this.named(event.key);
    if (target) {
      event.preventDefault();
      this.first = "";
      if (isTyping(target)) {
        target.focus();
        if (target instanceof HTMLInputElement) target.select();
      } else target.click();
      return;
    }
    this.first = this.startsSequence(event.key) ? event.key : "";
    this.firstAt = event.timeStamp;
  };

  private all(): HTMLElement[] {
    return [...document.querySelectorAll<HTMLElement>("[data-shortcut]")];
  }

  private named(keys: string): HTMLElement | undefined {
    return this.all().find((element) => element.dataset.shortcut === keys && !element.matches(":disabled"));
  }

  private startsSequence(key: string): boolean {
    return this.all().some((element) => element.dataset.shortcut?.startsWith(`${key} `));
  }

  /** Fills the sheet from what stands on the page now, and opens it. */
  showHelp(): void {
    const rows = this.querySelector("[data-rows]");
    if (!rows) return;
    rows.replaceChildren();
    const groups = new Map<string, HTMLElement[]>();
    for (const element of document.querySelectorAll<HTMLElement>("[data-shortcut-label]")) {
      const group = element.dataset.shortcutGroup ?? this.dataset.other ?? "";
      groups.set(group, [...(groups.get(group) ?? []), element]);
    }
    for (const [name, elements] of groups) rows.append(this.group(name, elements));
    openDialog(this.dataset.help ?? "");
  }

  private group(name: string, elements: HTMLElement[]): HTMLElement {
    const section = document.createElement("section");
    section.className = "key-group";
    const head = document.createElement("h3");
    head.textContent = name;
    section.append(head);
    for (const element of elements) {
      const row = document.createElement("div");
      row.className = "key-row";
      const words = document.createElement("span");
      words.textContent = element.dataset.shortcutLabel ?? "";
      const keys = document.createElement("span");
      keys.className = "key-row-keys";
      (element.dataset.shortcut ?? "").split(" ").filter(Boolean).forEach((key, index) => {
        if (index > 0) keys.append(this.dataset.then ?? "");
        keys.append(cap(key));
      });
      // Keys that an editor listens to itself; they are only shown.
      for (const key of (element.dataset.keys ?? "").split("+").filter(Boolean)) keys.append(cap(key === "Ctrl" && IS_MAC ? "⌘" : key));
      row.append(words, keys);
      section.append(row);
    }
    return section;
  }
}

customElements.define("key-shortcuts", KeyShortcuts);

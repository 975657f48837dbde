/**
 * <combo-box><select>…: typing finds a choice (ARIA combobox with a listbox). The select stays the form's field.
 * data-url: where longer lists are searched; data-none: words when nothing is found.
 */
import { find, type Found } from "./request";

const PAUSE_MS = 150;
let lists = 0;

export class ComboBox extends HTMLElement {
  private readonly input = document.createElement("input");
  private readonly list = document.createElement("div");
  private found: Found[] = [];
  private at = -1;
  private timer: number | undefined;
  private request: AbortController | undefined;

  private get select(): HTMLSelectElement | null {
    return this.querySelector("select");
  }

  connectedCallback(): void {
    const select = this.select;
    if (!select || this.contains(this.input)) return;
    const id = `combo-${++lists}`;
    this.list.id = id;
    this.list.className = "combo-list";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    Object.assign(this.input, { type: "text", autocomplete: "off", spellcheck: false, id: select.id, disabled: select.disabled });
    const states = { role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(states)) this.input.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid"]) {
      const value = select.getAttribute(name);
      if (value) this.input.setAttribute(name, value);
    }
    const label = select.labels?.[0]?.querySelector(":scope > .field-optional") ? select.labels[0].firstChild : select.labels?.[0];
    this.list.setAttribute("aria-label", label?.textContent?.trim() || select.name);
    select.id = `${select.id}_select`;
    select.hidden = true;
    this.append(this.input, this.list);
    this.showChosen();
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("click", () => this.search(""));
    this.input.addEventListener("keydown", this.onKey);
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", this.onPick);
  }

  private showChosen(): void {
    const chosen = this.select?.options[this.select.selectedIndex];
    this.input.value = chosen?.value ? (chosen.textContent ?? "") : "";
    this.input.placeholder = chosen && !chosen.value ? (chosen.textContent ?? "") : "";
  }

  private search(query = this.input.value): void {
    window.clearTimeout(this.timer);
    this.request?.abort();
    const url = this.dataset.url;
    if (!url) {
      this.offer(this.matching(query));
      return;
    }
    this.timer = window.setTimeout(() => {
      this.request = new AbortController();
      find(url, query, this.request.signal).then(
        (found) => this.offer(found),
        (fault: Error) => fault.name !== "AbortError" && this.offer([]),
      );
    }, PAUSE_MS);
  }

  private matching(query: string): Found[] {
    const wanted = query.normalize("NFKC").toLocaleLowerCase();
    return [...(this.select?.options ?? [])]
      // The words of an empty choice that is chosen already stand in the box itself.
      .filter((option) => option.value !== "" || this.select?.value !== "")
      .map((option) => ({ label: option.textContent ?? "", value: option.value }))
      .filter(({ label }) => label.normalize("NFKC").toLocaleLowerCase().includes(wanted));
  }

  private offer(found: Found[]): void {
    this.found = found;
    this.at = found.length > 0 ? 0 : -1;
    this.list.replaceChildren(...found.map((item, index) => this.option(item, index)));
    if (found.length === 0) {
      const none = document.createElement("div");
      none.className = "combo-none";
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = this.dataset.none ?? "";
      this.list.append(none);
    }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  private option(item: Found, index: number): HTMLElement {
    const option = document.createElement("div");
    option.id = `${this.list.id}-${index}`;
    option.className = "combo-option";
    option.setAttribute("role", "option");
    option.textContent = item.label;
    if (item.detail) {
      const detail = document.createElement("small");
      detail.textContent = item.detail;
      option.append(detail);
    }
    return option;
  }

  private mark(): void {
    this.list.querySelectorAll(".combo-option").forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.at));
      if (index !== this.at) return;
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    });
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.list.hidden) this.search("");
      else if (this.found.length > 0) {
        this.at = (this.at + step + this.found.length) % this.found.length;
        this.mark();
      }
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      this.choose(this.at);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.showChosen();
    }
  };

  private readonly onPick = (event: Event): void => {
    event.preventDefault();
    const option = (event.target as Element).closest(".combo-option");
    if (option) this.choose([...this.list.children].indexOf(option));
  };

  private choose(index: number): void {
    const [item, select] = [this.found[index], this.select];
    if (!item || !select) return;
    const value = String(item.value ?? item.id ?? item.label);
    if (![...select.options].some((option) => option.value === value)) select.add(new Option(item.label, value));
    select.value = value;
    this.close();
    this.showChosen();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Leaving an emptied box chooses the empty option; anything half typed goes back to what was chosen. */
  private leave(): void {
    const select = this.select;
    if (select && this.input.value === "" && select.options[0]?.value === "" && select.value !== "") {
      select.value = "";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.close();
    this.showChosen();
  }

  private close(): void {
    window.clearTimeout(this.timer);
    this.request?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

customElements.define("combo-box", ComboBox);

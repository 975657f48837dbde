/** The field that finds saved replies by name: the most used stand in its list, others are asked for while somebody types. */
import { find } from "./request";

const PAUSE = 200;

export class ReplySearch {
  private later: ReturnType<typeof setTimeout> | undefined;
  private stopper = new AbortController();

  constructor(
    private readonly field: HTMLInputElement,
    private readonly choose: (id: string, text: string) => void,
  ) {
    field.addEventListener("input", this.onInput);
    field.addEventListener("keydown", this.onKey);
  }

  private get options(): HTMLOptionElement[] {
    return [...(this.field.parentElement?.querySelectorAll<HTMLOptionElement>("datalist option") ?? [])];
  }

  private readonly onInput = (): void => {
    const chosen = this.options.find((option) => option.value === this.field.value);
    clearTimeout(this.later);
    if (chosen) this.take(chosen);
    else if (this.field.value.trim()) this.later = setTimeout(() => void this.search(), PAUSE);
  };

  /** Enter takes the first one that is named like this; it never sends what stands beside it. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const typed = this.field.value.trim().toLowerCase();
    const first = typed ? this.options.find((option) => option.value.toLowerCase().includes(typed)) : undefined;
    if (first) this.take(first);
  };

  private take(option: HTMLOptionElement): void {
    this.field.value = "";
    this.choose(option.dataset.id ?? "", option.dataset.text ?? "");
  }

  private async search(): Promise<void> {
    this.stopper.abort();
    this.stopper = new AbortController();
    const found = await find(this.field.dataset.replies ?? "", this.field.value, this.stopper.signal).catch(() => []);
    const known = new Set(this.options.map((option) => option.dataset.id));
    for (const { id, label, text } of found) {
      if (known.has(String(id))) continue;
      const option = Object.assign(document.createElement("option"), { value: label });
      Object.assign(option.dataset, { id: String(id), text: text ?? "" });
      this.field.parentElement?.querySelector("datalist")?.append(option);
    }
  }
}

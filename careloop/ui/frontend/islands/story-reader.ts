/**
 * <story-reader data-next data-previous>: begins a long story at its end, walks it with j and k, and lets r and n lead into
 * the composer.
 */
import { isTyping } from "./key-shortcuts";

export class StoryReader extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("click", this.onClick);
    if (!location.hash) this.messages().at(-1)?.scrollIntoView({ block: "center" });
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onClick);
  }

  private messages(): HTMLElement[] {
    return [...document.querySelectorAll<HTMLElement>(".moment:not(.moment-event)")];
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const step = { j: 1, k: -1 }[event.key];
    if (!step || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const all = this.messages();
    const at = all.indexOf(document.activeElement?.closest<HTMLElement>(".moment") ?? (null as never));
    const to = at < 0 ? all.at(-1) : all[Math.min(Math.max(at + step, 0), all.length - 1)];
    to?.focus({ preventScroll: true });
    to?.scrollIntoView({ block: "center" });
  };

  /** Choosing what to write leads to where it is written. */
  private readonly onClick = (event: MouseEvent): void => {
    if (!(event.target instanceof Element) || !event.target.matches(".composer [name=kind]")) return;
    const text = document.querySelector<HTMLElement>(".composer .composer-text, .composer textarea");
    text?.focus();
    text?.closest(".composer")?.scrollIntoView({ block: "nearest" });
  };
}

customElements.define("story-reader", StoryReader);

/**
 * <case-presence data-event data-url data-writing data-viewing>: faces of who is on this page too, and "… is writing…".
 * Tells the others the same about us: that we look (while the page is in sight), that we write, that we left.
 */
import { fill, post } from "./request";

interface Person {
  id: number;
  name: string;
  is_writing: boolean;
  seconds: number;
}

const LOOK_MS = 25_000;
const WRITE_MS = 4_000;

export class CasePresence extends HTMLElement {
  private looking: number | undefined;
  private fading: number | undefined;
  private wroteAt = -WRITE_MS;
  private readonly stop = new AbortController();

  connectedCallback(): void {
    const { signal } = this.stop;
    document.addEventListener(`live:${this.dataset.event ?? ""}`, (event) => this.show((event as CustomEvent<{ people: Person[] }>).detail.people), { signal });
    document.addEventListener("live:online", () => this.look(), { signal });
    document.addEventListener("visibilitychange", () => this.look(), { signal });
    document.addEventListener("input", (event) => (event.target as Element).closest(".composer") && this.write(event.timeStamp), { signal });
    window.addEventListener("pagehide", () => this.say("left", true), { signal });
    this.look();
    this.looking = window.setInterval(() => this.look(), LOOK_MS);
  }

  disconnectedCallback(): void {
    this.stop.abort();
    window.clearInterval(this.looking);
    window.clearTimeout(this.fading);
  }

  private look(): void {
    if (!document.hidden) this.say("viewing");
  }

  private write(at: number): void {
    if (at - this.wroteAt < WRITE_MS) return;
    this.wroteAt = at;
    this.say("typing");
  }

  private say(kind: string, isLeaving = false): void {
    const url = this.dataset.url;
    // Who cannot be told now is told at the next beat.
    if (url) post(url, { kind }, isLeaving).catch(() => undefined);
  }

  /** Shows the others; whoever says nothing more fades when their time is over. */
  show(people: Person[]): void {
    window.clearTimeout(this.fading);
    this.replaceChildren(...people.map((person) => this.chip(person)));
    const next = Math.min(...people.map((person) => person.seconds));
    if (people.length === 0) return;
    const later = people
      .map((person) => ({ ...person, is_writing: person.is_writing && person.seconds > next, seconds: person.is_writing && person.seconds <= next ? 35 : person.seconds - next }))
      .filter((person) => person.seconds > 0);
    this.fading = window.setTimeout(() => this.show(later), (next + 1) * 1000);
  }

  private chip(person: Person): HTMLElement {
    const chip = document.createElement("span");
    chip.className = person.is_writing ? "presence is-writing" : "presence";
    chip.textContent = fill((person.is_writing ? this.dataset.writing : this.dataset.viewing) ?? "", { name: person.name });
    return chip;
  }
}

customElements.define("case-presence", CasePresence);

/** <relative-time><time datetime title>…</time></relative-time>: keeps "5 min. ago" true while the page stays open. */

const STEPS: readonly [limit: number, size: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [3600, 60, "minute"],
  [86400, 3600, "hour"],
  [604800, 86400, "day"],
];

/** Words a time less than a week away; further away the server's date stays, so null. */
export function relativeWords(at: Date, now: Date, language: string): string | null {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const size = Math.abs(seconds);
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  if (size < 60) return format.format(0, "second");
  const step = STEPS.find(([limit]) => size < limit);
  return step ? format.format(Math.trunc(seconds / step[1]), step[2]) : null;
}

const MINUTE = 60_000;
const shown = new Set<RelativeTime>();
let timer: number | undefined;

export class RelativeTime extends HTMLElement {
  connectedCallback(): void {
    shown.add(this);
    timer ??= window.setInterval(() => shown.forEach((element) => element.refresh()), MINUTE);
  }

  disconnectedCallback(): void {
    shown.delete(this);
    if (shown.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  }

  refresh(now = new Date()): void {
    const time = this.querySelector("time");
    if (!time) return;
    const language = this.closest<HTMLElement>("[lang]")?.lang ?? "en";
    const words = relativeWords(new Date(time.dateTime), now, language);
    if (words !== null && words !== time.textContent) time.textContent = words;
  }
}

customElements.define("relative-time", RelativeTime);

/** Timers stand still while a page sleeps; what it shows when it wakes must be true. */
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) shown.forEach((element) => element.refresh());
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../islands/copy-button";
import { DueMark } from "../islands/due-mark";
import "../islands/look-picker";
import "../islands/new-pill";
import "../islands/offline-banner";
import { RelativeTime, relativeWords } from "../islands/relative-time";
import "../islands/toast-area";
import "../islands/undo-toast";
import { ZoneSync } from "../islands/zone-sync";
import { show } from "./page";

const live = (name: string) => document.body.dispatchEvent(new CustomEvent(`live:${name}`, { bubbles: true }));

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("relative time", () => {
  const now = new Date("2026-03-02T12:00:00Z");

  it.each([
    ["2026-03-02T11:55:00Z", "en", "5 min. ago"],
    ["2026-03-02T13:00:00Z", "en", "in 1 hr."],
    ["2026-03-01T12:00:00Z", "ko", "어제"],
    ["2026-03-02T11:59:30Z", "zh-hans", "现在"],
    ["2026-03-02T09:00:00Z", "vi", "3 giờ trước"],
  ])("words %s in %s as %s", (at, language, words) => {
    expect(relativeWords(new Date(at), now, language)).toBe(words);
  });

  it("leaves a date older than a week to the server", () => {
    expect(relativeWords(new Date("2026-02-01T12:00:00Z"), now, "en")).toBeNull();
  });

  it("rewrites its time in the language around it", () => {
    const element = show(`<div lang="ko"><relative-time><time datetime="2026-03-02T11:00:00Z">x</time></relative-time></div>`);

    element.querySelector<RelativeTime>("relative-time")!.refresh(now);

    expect(element.textContent).toBe("1시간 전");
  });
});

describe("what is due", () => {
  const due = "2026-03-02T12:00:00Z";
  const html = `<due-mark class="due" data-state="later" data-soon="Due soon" data-late="Overdue"><span class="due-words"></span> <relative-time><time datetime="${due}">in 3 hr.</time></relative-time></due-mark>`;
  const said = (mark: DueMark) => [mark.dataset["state"], mark.querySelector(".due-words")!.textContent];

  it("turns by itself, an hour before and when the time is over", () => {
    vi.setSystemTime("2026-03-02T09:00:00Z");
    const mark = show(html) as DueMark;
    expect(said(mark)).toEqual(["later", ""]);

    vi.advanceTimersByTime(2 * 3_600_000);
    expect(said(mark)).toEqual(["soon", "Due soon"]);

    vi.advanceTimersByTime(3_601_000);
    expect(said(mark)).toEqual(["late", "Overdue"]);
  });

  it("is true again as soon as a page that slept is seen", () => {
    vi.setSystemTime("2026-03-02T09:00:00Z");
    const mark = show(html) as DueMark;
    vi.clearAllTimers();
    vi.setSystemTime("2026-03-02T13:00:00Z");

    document.dispatchEvent(new Event("visibilitychange"));

    expect(said(mark)).toEqual(["late", "Overdue"]);
    expect(mark.querySelector("time")!.textContent).toBe("1 hr. ago");
  });
});

describe("new pill", () => {
  const html = `<new-pill data-event="case.created" data-one="{count} new case" data-other="{count} new cases" data-count="0" data-some="See what is new"><a class="new-pill" hidden><span></span></a></new-pill>`;

  it("waits out of sight, then counts", () => {
    const link = show(html).querySelector("a")!;
    expect(link.hidden).toBe(true);

    live("case.created");
    expect([link.hidden, link.textContent]).toEqual([false, "1 new case"]);

    live("case.created");
    expect(link.textContent).toBe("2 new cases");
  });

  it("gives no number after a break", () => {
    const link = show(html).querySelector("a")!;
    live("case.created");

    live("resync");

    expect([link.hidden, link.textContent]).toEqual([false, "See what is new"]);
    link.click();
    expect(link.hidden).toBe(true);
  });

  it("starts again after a click", () => {
    const link = show(html).querySelector("a")!;
    live("case.created");

    link.click();

    expect(link.hidden).toBe(true);
  });
});

describe("toasts", () => {
  const html = `<toast-area data-failed="That did not work."><template><div><span class="toast-words"></span><button></button></div></template></toast-area>`;

  it("shows what the server says, as text, and lets it go", () => {
    const area = show(html);
    document.body.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text: "<b>Saved</b>" } }));
    expect(area.querySelector(".toast-words")!.textContent).toBe("<b>Saved</b>");

    vi.advanceTimersByTime(5000);

    expect(area.querySelector(".toast-words")).toBeNull();
  });

  it("keeps a failure until it is closed", () => {
    const area = show(html);
    document.dispatchEvent(new CustomEvent("htmx:responseError"));
    vi.advanceTimersByTime(60_000);
    expect(area.querySelector(".toast-words")!.textContent).toBe("That did not work.");

    area.querySelector("button")!.click();

    expect(area.querySelector(".toast-words")).toBeNull();
  });
});

describe("undo toast", () => {
  it("counts down in sight, says its sentence once, and goes", () => {
    const toast = show(`<undo-toast data-seconds="2" data-words="Sending in {seconds} seconds."><span class="undo-words"></span></undo-toast>`);
    const over = vi.fn();
    document.body.addEventListener("undo-over", over, { once: true });
    expect(toast.querySelector(".undo-words")!.textContent).toBe("Sending in 2 seconds.");

    vi.advanceTimersByTime(1000);
    expect(toast.querySelector(".undo-words")!.textContent).toBe("Sending in 1 seconds.");
    expect(toast.querySelector(".visually-hidden")!.textContent).toBe("Sending in 2 seconds.");

    vi.advanceTimersByTime(1000);
    expect(toast.isConnected).toBe(false);
    expect(over).toHaveBeenCalledOnce();
  });
});

describe("offline banner", () => {
  it("is patient with a short silence", () => {
    const banner = show(`<offline-banner hidden></offline-banner>`);
    live("offline");
    vi.advanceTimersByTime(3000);
    live("online");
    vi.advanceTimersByTime(3000);
    expect(banner.hidden).toBe(true);

    live("offline");
    vi.advanceTimersByTime(4000);
    expect(banner.hidden).toBe(false);
  });
});

describe("look picker", () => {
  it("changes the page, the cookie and what is pressed", () => {
    const picker = show(`<look-picker><button data-look="theme" data-value="dark"></button><button data-look="theme" data-value="light"></button></look-picker>`);

    picker.querySelector("button")!.click();

    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(document.cookie).toContain("careloop_theme=dark");
    expect([...picker.querySelectorAll("button")].map((button) => button.getAttribute("aria-pressed"))).toEqual(["true", "false"]);
  });
});

describe("copy button", () => {
  it("copies its text and says so for a moment", async () => {
    const written = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    const element = show(`<copy-button data-text="CL-42" data-copied="Copied"><button><span class="copy-words">Copy</span></button></copy-button>`);

    element.querySelector("button")!.click();
    await vi.advanceTimersByTimeAsync(1);
    expect(written).toHaveBeenCalledWith("CL-42");
    expect(element.textContent).toBe("Copied");

    await vi.advanceTimersByTimeAsync(1600);
    expect(element.textContent).toBe("Copy");
  });
});

describe("zone sync", () => {
  it("tells another zone once a session", async () => {
    const sent = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response());
    sessionStorage.clear();
    const element = show(`<zone-sync data-zone="Etc/Unknown" data-url="/zone"></zone-sync>`) as ZoneSync;
    sent.mockClear();
    sessionStorage.clear();

    await element.sync("Asia/Seoul");
    await element.sync("Asia/Seoul");

    expect(sent).toHaveBeenCalledOnce();
    expect(String(sent.mock.calls[0]![1]!.body)).toBe("zone=Asia%2FSeoul");
  });

  it("keeps quiet when the zone is the saved one", async () => {
    const sent = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response());
    const element = show(`<zone-sync data-zone="Asia/Seoul" data-url="/zone"></zone-sync>`) as ZoneSync;
    sent.mockClear();

    await element.sync("Asia/Seoul");

    expect(sent).not.toHaveBeenCalled();
  });
});

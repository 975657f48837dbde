/** A wall asks at most once a second, says when it cannot look, and sounds what nobody takes care of. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WallBoard } from "../islands/wall-board";
import { show } from "./page";

let asked = 0;

function wall(data: Record<string, string> = {}): WallBoard {
  const drawn = { "as-of": "14:03", sound: "", unheard: "", news: "", ...data };
  const attributes = Object.entries(drawn)
    .map(([name, value]) => `data-${name}="${value}"`)
    .join(" ");
  const board = show(
    `<wall-board data-away="Since {time}."><div data-wall-away hidden><span></span></div><div data-wall-news></div>` +
    `<button data-wall-act="sound"></button><div data-wall-figures><div ${attributes}></div></div></wall-board>`,
  ) as WallBoard;
  board.querySelector("[data-wall-figures]")!.addEventListener("wall-refresh", () => (asked += 1));
  return board;
}

function answer(board: WallBoard, successful: boolean): void {
  board.querySelector("[data-wall-figures]")!.dispatchEvent(new CustomEvent("htmx:afterRequest", { bubbles: true, detail: { successful } }));
}

function tell(name: string): void {
  document.body.dispatchEvent(new CustomEvent(`live:${name}`, { bubbles: true, detail: {} }));
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date("2026-11-16T09:00:00Z"));
  asked = 0;
});

afterEach(() => {
  document.body.innerHTML = "";
  localStorage.clear();
  vi.useRealTimers();
});

describe("a wall", () => {
  it("asks once a second however much it is told, and once more for the last", () => {
    const board = wall();
    for (let n = 0; n < 30; n += 1) {
      tell("wall");
      if (asked) answer(board, true);
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(1100);
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(asked).toBeLessThanOrEqual(5);
  });

  it("says since when it could not look, and takes it back", () => {
    const board = wall();
    tell("offline");
    vi.advanceTimersByTime(6000);
    const band = board.querySelector<HTMLElement>("[data-wall-away]")!;
    expect([band.hidden, band.textContent]).toEqual([false, "Since 14:03."]);
    expect(board.hasAttribute("data-is-away")).toBe(true);

    tell("online");
    answer(board, true);
    expect(band.hidden).toBe(true);
  });

  it("does not trust a stream that is silent, and asks by itself", () => {
    const board = wall();
    vi.advanceTimersByTime(21_000);
    expect(asked).toBe(1);
    answer(board, false);
    vi.advanceTimersByTime(6000);
    expect(board.querySelector<HTMLElement>("[data-wall-away]")!.hidden).toBe(false);
  });

  it("announces an alarm once, not every figure", () => {
    const board = wall({ news: "Alarm: Longest wait." });
    expect(board.querySelector("[data-wall-news]")!.textContent).toBe("Alarm: Longest wait.");
  });

  it("repeats an alarm until somebody takes care, and a warning not at all", () => {
    for (const [level, times] of [["alarm", 3], ["warning", 1]] as const) {
      const board = wall({ sound: level, unheard: "7" });
      const played: string[] = [];
      board.sound.play = (what: string) => played.push(what) > 0;
      vi.advanceTimersByTime(45_000);
      expect(played).toEqual(Array(times).fill(level));
      board.querySelector<HTMLElement>("[data-as-of]")!.dataset.sound = "";
      vi.advanceTimersByTime(45_000);
      expect(played.length).toBe(times);
    }
  });

  it("sounds an alarm once where people work beside it, and a new one again", () => {
    const board = wall({ sound: "alarm", unheard: "7" });
    board.dataset.once = "";
    const played: string[] = [];
    board.sound.play = (what: string) => played.push(what) > 0;
    vi.advanceTimersByTime(45_000);
    expect(played).toEqual(["alarm"]);
    board.querySelector<HTMLElement>("[data-as-of]")!.dataset.unheard = "7 8";
    vi.advanceTimersByTime(45_000);
    expect(played).toEqual(["alarm", "alarm"]);
  });

  it("is silent until somebody asks for sound", () => {
    const board = wall({ sound: "alarm", unheard: "7" });
    expect(board.sound.play("alarm")).toBe(false);
    expect(board.hasAttribute("data-is-heard")).toBe(false);
  });
});

/** An offer counts down in sight, whatever the device's clock says, and tells once that it is over. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OfferCountdown } from "../islands/offer-countdown";
import { show } from "./page";

const card = (key: string, seconds: number) =>
  show(
    `<offer-countdown data-key="${key}" data-seconds="${seconds}" data-words="{seconds} s left"><span class="offer-left">soon</span><progress max="30"></progress></offer-countdown>`,
  ) as OfferCountdown;
const words = (countdown: HTMLElement) => countdown.querySelector(".offer-left")!.textContent;
const tones = vi.fn();

class SilentContext {
  state = "running";
  currentTime = 0;
  destination = {};
  createOscillator() {
    return { frequency: { value: 0 }, connect: (next: unknown) => next, start: tones, stop: () => undefined };
  }
  createGain() {
    const ramp = () => undefined;
    return { gain: { setValueAtTime: ramp, linearRampToValueAtTime: ramp, exponentialRampToValueAtTime: ramp }, connect: (next: unknown) => next };
  }
  resume() {
    return Promise.resolve();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date("2026-11-16T09:00:00Z"));
  vi.stubGlobal("AudioContext", SilentContext);
  tones.mockClear();
});

afterEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the countdown of an offer", () => {
  it("counts what is left, in words and on the bar", () => {
    const countdown = card("a", 30);
    expect(words(countdown)).toBe("30 s left");

    vi.advanceTimersByTime(12_000);

    expect(words(countdown)).toBe("18 s left");
    expect(countdown.querySelector("progress")!.value).toBe(18);
  });

  it("tells once that it is over, and stands at nothing", () => {
    const countdown = card("b", 2);
    const over = vi.fn();
    document.body.addEventListener("offer-over", over, { once: false });

    vi.advanceTimersByTime(10_000);

    expect(over).toHaveBeenCalledTimes(1);
    expect(words(countdown)).toBe("0 s left");
    document.body.removeEventListener("offer-over", over);
  });

  it("tells nothing after it was taken off the page", () => {
    const over = vi.fn();
    const countdown = card("c", 2);
    countdown.addEventListener("offer-over", over);

    countdown.remove();
    vi.advanceTimersByTime(10_000);

    expect(over).not.toHaveBeenCalled();
  });

  it("knows after a sleep of the device how much was slept away", () => {
    const countdown = card("d", 30);

    vi.setSystemTime(new Date("2026-11-16T09:00:20Z"));
    document.dispatchEvent(new Event("visibilitychange"));

    expect(words(countdown)).toBe("10 s left");
  });

  it("is quiet unless sound was asked for on this device", () => {
    card("e", 30);
    expect(tones).not.toHaveBeenCalled();
  });

  it("sounds once for each offer, however often its card is put in place", () => {
    localStorage.setItem("careloop-offer-sound", "on");

    card("f", 30);
    card("f", 29);

    expect(tones).toHaveBeenCalledTimes(2);
  });
});

describe("the switch of the sound", () => {
  it("says what is chosen and keeps it on the device", () => {
    const place = show(`<offer-sound hidden><button aria-pressed="false">Sound</button></offer-sound>`);
    const button = place.querySelector("button")!;
    expect(place.hidden).toBe(false);

    button.click();
    expect([button.getAttribute("aria-pressed"), localStorage.getItem("careloop-offer-sound")]).toEqual(["true", "on"]);

    button.click();
    expect([button.getAttribute("aria-pressed"), localStorage.getItem("careloop-offer-sound")]).toEqual(["false", "off"]);
  });
});

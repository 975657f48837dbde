import { afterEach, describe, expect, it, vi } from "vitest";
import "../islands/combo-box";
import { ConfirmDialog } from "../islands/confirm-dialog";
import { listenForDialogs } from "../islands/dialogs";
import "../islands/grow-textarea";
import "../islands/key-shortcuts";
import "../islands/pop-menu";
import "../islands/row-list";
import { show } from "./page";

const press = (key: string, target: EventTarget = document.body, more: KeyboardEventInit = {}) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

describe("keyboard shortcuts", () => {
  const html = `<div><key-shortcuts data-help="help" data-then="then" data-other="Here"><dialog id="help"><div data-rows></div></dialog></key-shortcuts>
    <button data-shortcut="c" data-shortcut-label="New case"></button><a data-shortcut="g i" data-shortcut-label="Inbox" data-shortcut-group="Go to"></a>
    <input data-shortcut="/"><textarea></textarea></div>`;
  const clicks = (selector: string) => {
    const clicked = vi.fn();
    document.querySelector(selector)!.addEventListener("click", clicked);
    return clicked;
  };

  it("presses, follows sequences and focuses fields", () => {
    show(html);
    const [button, link] = [clicks("button"), clicks("a")];

    press("c");
    press("g");
    press("i");
    press("/");

    expect([button, link].map((clicked) => clicked.mock.calls.length)).toEqual([1, 1]);
    expect(document.activeElement).toBe(document.querySelector("input"));
  });

  it("is silent while somebody types, composes or holds Ctrl", () => {
    show(html);
    const button = clicks("button");

    press("c", document.querySelector("textarea")!);
    press("c", document.body, { isComposing: true });
    press("c", document.body, { ctrlKey: true });

    expect(button).not.toHaveBeenCalled();
  });

  it("makes the help sheet from what stands on the page", () => {
    show(html);

    press("?");

    const rows = [...document.querySelectorAll(".key-row")].map((row) => row.textContent);
    expect(rows).toEqual(["New casec", "Inboxgtheni"]);
    expect(document.querySelector<HTMLDialogElement>("dialog")!.open).toBe(true);
  });
});

describe("menu", () => {
  it("opens and walks with arrow keys, and Escape gives the focus back", () => {
    const menu = show(`<pop-menu><details class="menu"><summary>M</summary><div class="menu-list"><button class="menu-item">1</button><button class="menu-item">2</button></div></details></pop-menu>`);
    const [first, second] = menu.querySelectorAll("button");

    press("ArrowDown", menu.querySelector("summary")!);
    expect(document.activeElement).toBe(first);
    press("ArrowUp", first!);
    expect(document.activeElement).toBe(second);

    press("Escape", second!);
    expect(menu.querySelector("details")!.open).toBe(false);
    expect(document.activeElement).toBe(menu.querySelector("summary"));
  });
});

describe("dialogs", () => {
  it("open and close by what the elements say", () => {
    listenForDialogs(document);
    show(`<div><button data-opens="d"></button><dialog id="d"><button data-closes></button></dialog></div>`);
    const dialog = document.querySelector("dialog")!;

    document.querySelector<HTMLElement>("[data-opens]")!.click();
    expect(dialog.open).toBe(true);

    document.querySelector<HTMLElement>("[data-closes]")!.click();
    expect(dialog.open).toBe(false);
  });
});

describe("confirm dialog", () => {
  const html = `<div><confirm-dialog><dialog><p id="confirm-words"></p><button value="yes" data-default="Yes">Yes</button></dialog></confirm-dialog><button id="act" data-confirm="Close 12 cases?" data-confirm-act="Close them"></button></div>`;

  it.each([["yes", 1], ["no", 0]])("acts only when the answer is %s", async (answer, times) => {
    show(html);
    const acted = vi.fn();
    const button = document.querySelector<HTMLElement>("#act")!;
    button.addEventListener("click", acted);

    button.click();
    expect(document.querySelector("#confirm-words")!.textContent).toBe("Close 12 cases?");
    expect(document.querySelector("button[value=yes]")!.textContent).toBe("Close them");
    expect(acted).not.toHaveBeenCalled();
    document.querySelector("dialog")!.close(answer);
    await Promise.resolve();
    await Promise.resolve();

    expect(acted).toHaveBeenCalledTimes(times);
  });

  it("stands in for htmx's own question", async () => {
    const dialog = show(html).querySelector<ConfirmDialog>("confirm-dialog")!;
    const issueRequest = vi.fn();
    vi.spyOn(dialog, "ask").mockResolvedValue(true);

    document.body.dispatchEvent(new CustomEvent("htmx:confirm", { bubbles: true, cancelable: true, detail: { question: "Sure?", issueRequest } }));
    await Promise.resolve();

    expect(issueRequest).toHaveBeenCalledWith(true);
  });
});

describe("combobox", () => {
  const html = `<label for="id_plan">Plan</label><combo-box data-none="Nothing"><select id="id_plan" name="plan"><option value="">Choose</option><option value="a">Basic 20</option><option value="b">시니어 요금제</option></select></combo-box>`;
  const type = (input: HTMLInputElement, words: string) => {
    input.value = words;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  it("finds by any part of the words and fills the select", () => {
    show(html);
    const input = document.querySelector<HTMLInputElement>("combo-box input")!;
    expect([input.id, input.placeholder]).toEqual(["id_plan", "Choose"]);

    type(input, "요금");
    expect([...document.querySelectorAll(".combo-option")].map((option) => option.textContent)).toEqual(["시니어 요금제"]);
    press("Enter", input);

    expect(document.querySelector("select")!.value).toBe("b");
    expect([input.value, input.getAttribute("aria-expanded")]).toEqual(["시니어 요금제", "false"]);
  });

  it("does not choose while a character is being composed", () => {
    show(html);
    const input = document.querySelector<HTMLInputElement>("combo-box input")!;
    type(input, "요금");

    press("Enter", input, { isComposing: true });

    expect(document.querySelector("select")!.value).toBe("");
  });

  it("goes back to what was chosen when half a word is left behind", () => {
    show(html);
    const input = document.querySelector<HTMLInputElement>("combo-box input")!;
    type(input, "xyz");
    expect(document.querySelector(".combo-none")!.textContent).toBe("Nothing");

    input.dispatchEvent(new Event("blur"));

    expect(input.value).toBe("");
  });
});

describe("row list", () => {
  const row = (number: number) => `<tr class="table-row"><td class="cell-select"><input type="checkbox" value="${number}"></td><td><a class="cell-main" href="#${number}">${number}</a></td></tr>`;
  const html = `<row-list data-selected="{count} selected"><div class="bulk-bar" hidden><span class="bulk-words"></span></div><table><thead><tr><th><input type="checkbox" data-tick-all></th></tr></thead><tbody>${[1, 2, 3].map(row).join("")}</tbody></table></row-list>`;
  const boxes = () => [...document.querySelectorAll<HTMLInputElement>(".table-row input")];

  it("moves with j and k and ticks with x", () => {
    const list = show(html);
    press("j");
    press("j");
    press("k");
    expect([...document.querySelectorAll(".table-row")].map((each) => each.classList.contains("is-at"))).toEqual([true, false, false]);

    press("x");

    expect(boxes().map((box) => box.checked)).toEqual([true, false, false]);
    expect(list.querySelector<HTMLElement>(".bulk-bar")!.hidden).toBe(false);
    expect(list.querySelector(".bulk-words")!.textContent).toBe("1 selected");
  });

  it("ticks a range with Shift and all with the head", () => {
    const list = show(html);
    boxes()[0]!.click();
    boxes()[2]!.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: true }));
    expect(boxes().map((box) => box.checked)).toEqual([true, true, true]);

    const all = list.querySelector<HTMLInputElement>("[data-tick-all]")!;
    all.checked = false;
    all.dispatchEvent(new Event("change", { bubbles: true }));
    expect(boxes().some((box) => box.checked)).toBe(false);
  });
});

describe("growing text area", () => {
  it("is as tall as its text where the browser does not do it", () => {
    vi.stubGlobal("CSS", { supports: () => false });
    const area = show(`<grow-textarea><textarea></textarea></grow-textarea>`).querySelector("textarea")!;
    Object.defineProperty(area, "scrollHeight", { value: 120 });

    area.dispatchEvent(new Event("input", { bubbles: true }));

    expect(area.style.height).toBe("122px");
  });
});

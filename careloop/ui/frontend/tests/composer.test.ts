import { EditorState, TextSelection } from "prosemirror-state";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DraftKeeper } from "../composer/drafts";
import { TOOLS, link } from "../composer/editing";
import { fromHtml, schema, toHtml, toText } from "../composer/schema";
import { asked } from "../composer/suggestions";
import { around, empty, noteReply, refill } from "../composer/surroundings";
import { mayLeave, unfilled } from "../composer/unfilled";
import type { ConfirmDialog } from "../islands/confirm-dialog";
import { piecesOf } from "../islands/piece-count";
import { RichComposer } from "../islands/rich-composer";
import { show } from "./page";

describe("what an answer may contain", () => {
  it.each([
    [`<p style="color:red" onclick="x()">Hi <font size=7><b>there</b></font></p>`, "<p>Hi <strong>there</strong></p>"],
    [`<script>alert(1)</script><p>Hi</p><style>p{}</style>`, "<p>Hi</p>"],
    [`<p><a href="javascript:alert(1)">x</a> <a href="https://a.example/?q=1&r=2">y</a></p>`, `<p>x <a href="https://a.example/?q=1&amp;r=2" rel="noopener noreferrer">y</a></p>`],
    [`<div>one<br>two</div><div>three</div>`, "<p>one<br>two</p><p>three</p>"],
    [`<b style="font-weight:normal"><p>From a document</p></b>`, "<p>From a document</p>"],
    [`<p><span style="font-weight: 700; font-style: italic">both</span></p>`, "<p><em><strong>both</strong></em></p>"],
    [`<ul><li>하나</li><li>둘</li></ul>`, "<ul><li><p>하나</p></li><li><p>둘</p></li></ul>"],
    [`<p>Xin chào <span class="mention" data-mention="7">@Đức</span></p>`, `<p>Xin chào <span class="mention" data-mention="7">@Đức</span></p>`],
    [`<p>Size on="x" style="y"</p>`, `<p>Size on="x" style="y"</p>`],
    [`<img src=x onerror=alert(1)>`, ""],
    ["", ""],
  ])("reads %s as %s", (given, kept) => {
    expect(toHtml(fromHtml(given))).toBe(kept);
  });

  it("says the same in plain text", () => {
    const html = `<p>Hello,<br>you</p><ul><li><p>one</p></li><li><p>two</p></li></ul><ol><li><p>first</p></li></ol><blockquote><p>before</p></blockquote><p><a href="https://a.example">here</a> <span data-mention="7">@Ada</span></p>`;

    expect(toText(fromHtml(html))).toBe("Hello,\nyou\n\n- one\n- two\n\n1. first\n\n> before\n\nhere (https://a.example) @Ada");
  });
});

describe("tools", () => {
  const selected = (html: string) => {
    const state = EditorState.create({ doc: fromHtml(html) });
    return state.apply(state.tr.setSelection(TextSelection.create(state.doc, 1, state.doc.firstChild!.nodeSize - 1)));
  };
  const after = (html: string, command: (typeof TOOLS)[string]) => {
    let state = selected(html);
    command!(state, (change) => (state = state.apply(change)));
    return toHtml(state.doc);
  };

  it("toggle lists and quotes, and link words", () => {
    expect(after("<p>one</p>", TOOLS.bullet_list!)).toBe("<ul><li><p>one</p></li></ul>");
    expect(after("<p>one</p>", TOOLS.blockquote!)).toBe("<blockquote><p>one</p></blockquote>");
    expect(after("<p>one</p>", link("a.example"))).toBe(`<p><a href="https://a.example" rel="noopener noreferrer">one</a></p>`);
  });

  it("refuse an address that is not one to follow", () => {
    expect(after("<p>one</p>", link("javascript:alert(1)"))).toBe("<p>one</p>");
    expect(schema.marks.link).toBeDefined();
  });
});

describe("suggestions", () => {
  it.each([
    ["/", { sign: "/", query: "", size: 1 }],
    ["Hello /ref", { sign: "/", query: "ref", size: 4 }],
    ["@김", { sign: "@", query: "김", size: 2 }],
    ["mail ada@example", null],
    ["and/or", null],
    ["/two words", null],
  ])("reads %s before the caret", (before, found) => {
    expect(asked(before)).toEqual(found);
  });
});

describe("drafts", () => {
  const draft = { html: "<p>Hi</p>", text: "Hi", kind: "answer" };
  const keeper = (mark = "9", url: string | undefined = undefined, tell = vi.fn()) => new DraftKeeper("case-42", mark, url, tell);

  beforeEach(() => {
    vi.useFakeTimers();
    localStorage.clear();
    document.body.setAttribute("hx-headers", '{"X-CSRFToken": "t"}');
  });
  afterEach(() => vi.useRealTimers());

  it("bring back what was typed before a crash", () => {
    keeper().change(draft);

    expect(keeper().restore("")).toMatchObject(draft);
    expect(keeper().restore("<p>Hi</p>")).toBeNull();
  });

  it("forget a text that the server took, and keep one that it did not", () => {
    const before = keeper("9");
    before.change(draft);
    before.submitted();

    expect(keeper("9").restore("")).toMatchObject(draft);
    expect(keeper("10").restore("")).toBeNull();
    expect(keeper("9").restore("")).toBeNull();
  });

  it("go to the server after a pause, and say so", async () => {
    const sent = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response());
    const tell = vi.fn();
    keeper("9", "/drafts", tell).change(draft);

    await vi.advanceTimersByTimeAsync(1500);

    const [url, options] = sent.mock.calls[0]!;
    expect([url, String(options!.body)]).toEqual(["/drafts", "body=%3Cp%3EHi%3C%2Fp%3E&body_text=Hi&kind=answer"]);
    expect((options!.headers as Record<string, string>)["X-CSRFToken"]).toBe("t");
    expect(tell.mock.calls.flat()).toEqual(["saving", "saved"]);
    expect(keeper("9", "/drafts").restore("<p>a newer draft from another device</p>")).toBeNull();
  });

  it("stay on the device while the server is away, and try again", async () => {
    const sent = vi.spyOn(globalThis, "fetch").mockRejectedValueOnce(new Error("away")).mockResolvedValue(new Response());
    const tell = vi.fn();
    keeper("9", "/drafts", tell).change(draft);
    sent.mockClear();

    await vi.advanceTimersByTimeAsync(1500);
    expect(tell.mock.calls.flat()).toEqual(["saving", "kept"]);
    expect(keeper().restore("")).toMatchObject(draft);

    await vi.advanceTimersByTimeAsync(15_000);
    expect(tell.mock.calls.flat().at(-1)).toBe("saved");
    expect(sent).toHaveBeenCalledTimes(2);
  });
});

describe("rich composer", () => {
  it("keeps the form's fields as the text says", () => {
    localStorage.clear();
    show(`<form><rich-composer data-name="body"><textarea name="body">&lt;p&gt;Dear &lt;b&gt;you&lt;/b&gt;&lt;/p&gt;</textarea></rich-composer></form>`);
    const composer = document.querySelector<RichComposer>("rich-composer")!;
    const fields = () => Object.fromEntries(new FormData(document.querySelector("form")!));
    expect(fields()).toEqual({ body: "<p>Dear <strong>you</strong></p>", body_text: "Dear you" });

    composer.value = "<p>Other</p>";

    expect(fields()).toEqual({ body: "<p>Other</p>", body_text: "Other" });
  });
});

describe("what stands around a text", () => {
  const form = () =>
    show(`<form><input name="csrfmiddlewaretoken" value="t"><input type="text" name="to" value="omar@a.example" data-usual="omar@a.example">
      <input type="text" name="cc" value="" data-usual="boss@a.example"><select name="mailbox"><option>1</option><option>2</option></select>
      <label class="choice"><input type="checkbox" name="file_ids" value="7" checked></label><textarea name="body">Hi</textarea></form>`);

  it("is kept, except what usually stands there", () => {
    form();

    expect(around(document.querySelector("form")!, ["body"])).toEqual([["cc", ""], ["mailbox", "1"], ["file_ids", "7"]]);
  });

  it("comes back into its fields, and goes when the draft is discarded", () => {
    form();
    const shown = document.querySelector("form")!;

    refill(shown, [["to", "mai@a.example"], ["mailbox", "2"], ["file_ids", "9"]]);
    expect(Object.fromEntries(new FormData(shown))).toMatchObject({ to: "mai@a.example", mailbox: "2", file_ids: "7" });

    empty(shown);
    expect(new FormData(shown).getAll("file_ids")).toEqual([]);
    expect(new FormData(shown).get("cc")).toBe("boss@a.example");
  });

  it("counts a saved reply once, however often it was put in", () => {
    form();
    const shown = document.querySelector("form")!;

    for (const id of ["3", "3", "4"]) noteReply(shown, shown, id);

    expect(new FormData(shown).getAll("reply_ids")).toEqual(["3", "4"]);
  });
});

describe("places that nobody filled", () => {
  const form = () => show(`<form><input type="hidden" name="left_open" value="{{ number }}"></form>`) as HTMLFormElement;

  it("are found once each, whatever they are called, except those that are to stay", () => {
    expect(unfilled(form(), "Dear {{ customer.name }}, {{ number }} and {{customer.name}}, {{ customer.name }} {} {{\n}}")).toEqual([
      "{{ customer.name }}",
      "{{customer.name}}",
    ]);
  });

  it("are named in the question, and sent only with a yes", async () => {
    const asked: string[] = [];
    const asker = (answer: boolean) => ({ ask: async (question: string) => (asked.push(question), answer) }) as unknown as ConfirmDialog;
    const words = { unfilled: "Still open: {places}", unfilledMore: "Still open, several: {places}" } as DOMStringMap;
    const [refusing, agreeing] = [form(), form()];

    expect(await mayLeave(asker(false), refusing, ["{{ a }}"], words)).toBe(false);
    expect(await mayLeave(asker(true), agreeing, ["{{ a }}", "{{ $& }}"], words)).toBe(true);

    expect(asked).toEqual(["Still open: {{\u00a0a\u00a0}}", "Still open, several: {{\u00a0a\u00a0}}, {{\u00a0$&\u00a0}}"]);
    expect(new FormData(refusing).getAll("left_open")).toEqual(["{{ number }}"]);
    expect(unfilled(agreeing, "{{ a }} {{ $& }}")).toEqual([]);
  });
});

describe("the length of a text message", () => {
  it.each([
    ["a".repeat(160), 1],
    ["a".repeat(161), 2],
    ["€".repeat(80), 1],
    ["€".repeat(81), 2],
    ["가".repeat(70), 1],
    ["가".repeat(71), 2],
    ["🙂".repeat(35), 1],
    ["🙂".repeat(36), 2],
    ["", 1],
  ])("counts pieces as the server does (%#)", (text, pieces) => {
    expect(piecesOf(text)).toBe(pieces);
  });

  it("is said while it is typed, and that it is too long", () => {
    const form = show(
      `<form><textarea name="body_text"></textarea><piece-count data-most="200" data-words="{count} of {most}: {pieces}"></piece-count></form>`,
    );
    const count = form.querySelector("piece-count")!;
    const type = (text: string) => {
      form.querySelector("textarea")!.value = text;
      form.dispatchEvent(new CustomEvent("words-changed"));
    };

    expect(count.hasAttribute("hidden")).toBe(true);
    type("a".repeat(161));
    expect([count.textContent, count.hasAttribute("hidden")]).toEqual(["161 of 200: 2", false]);
    type("a".repeat(201));
    expect(count.classList.contains("is-too-long")).toBe(true);
  });
});

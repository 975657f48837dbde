/**
 * <rich-composer><textarea name="body">…: rich text over a textarea, which stays the form's field and the fallback.
 * Sends NAME (HTML) and NAME_text (plain). Attributes: data-key, data-mark (local backup), data-draft-url,
 * data-upload-url, data-replies-url, data-people-url, and the words it says. Events: files-added, draft-saved.
 */
import { pickFiles, takeDropped } from "../composer/asking";
import { Attaching } from "../composer/attaching";
import { DraftKeeper, type DraftState } from "../composer/drafts";
import { editingPlugins } from "../composer/editing";
import { calmed, fromHtml, isBlank, toHtml, toText } from "../composer/schema";
import { Suggestions } from "../composer/suggestions";
import { around, chooseKind, empty, kindOf, noteReply, refill } from "../composer/surroundings";
import { Toolbar } from "../composer/toolbar";
import { mayLeave, unfilled } from "../composer/unfilled";
import type { ConfirmDialog } from "./confirm-dialog";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";

export class RichComposer extends HTMLElement {
  private view: EditorView | undefined;
  private drafts: DraftKeeper | undefined;
  private files: Attaching | undefined;
  private suggestions: Suggestions | undefined;
  private toolbar: Toolbar | undefined;
  private readonly text = document.createElement("input");
  private readonly stop = new AbortController();

  private get area(): HTMLTextAreaElement {
    return this.querySelector("textarea")!;
  }

  private get form(): HTMLFormElement | null {
    return this.closest("form");
  }

  connectedCallback(): void {
    if (this.view) return;
    const { key = "", mark = "", draftUrl, name = "body" } = this.dataset;
    Object.assign(this.text, { type: "hidden", name: `${name}_text` });
    this.drafts = new DraftKeeper(key, mark, draftUrl, (state) => this.say(state));
    const kept = this.drafts.restore(this.area.value);
    if (kept && this.form) {
      chooseKind(this.form, kept.kind);
      refill(this.form, kept.fields ?? []);
    }
    this.open(kept?.html ?? this.area.value);
    this.files = new Attaching(this, name);
    this.listen();
    if (kept) this.note(this.dataset.restored ?? "");
  }

  disconnectedCallback(): void {
    void this.drafts?.save(true);
    this.stop.abort();
    this.view?.destroy();
    this.view = undefined;
  }

  /** The text as HTML; setting it replaces everything. */
  get value(): string {
    return this.view ? toHtml(this.view.state.doc) : this.area.value;
  }

  set value(html: string) {
    this.view?.updateState(this.state(html));
    this.sync();
  }

  private state(html: string): EditorState {
    return EditorState.create({ doc: fromHtml(html), plugins: editingPlugins(() => this.form?.requestSubmit()) });
  }

  private open(html: string): void {
    const place = document.createElement("div");
    this.area.before(place);
    const { repliesUrl, peopleUrl, replies, people, none } = this.dataset;
    this.suggestions = new Suggestions(
      this,
      { "/": repliesUrl, "@": peopleUrl },
      { "/": replies ?? "", "@": people ?? "" },
      none ?? "",
      (id) => this.form && noteReply(this.form, this, id),
      (sign) => sign === "/" || this.isNote,
    );
    const view = new EditorView({ mount: place }, {
      state: this.state(html),
      attributes: {
        class: "composer-text",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": this.dataset.label ?? "",
        "aria-controls": this.suggestions.list.id,
        "data-placeholder": this.area.dataset.placeholder ?? "",
      },
      handleKeyDown: (editor, event) => this.suggestions?.key(editor, event) ?? false,
      transformPastedHTML: calmed,
      handlePaste: (_editor, event) => this.files?.take([...(event.clipboardData?.files ?? [])]) ?? false,
      dispatchTransaction: (change) => {
        view.updateState(view.state.apply(change));
        this.toolbar?.show();
        this.suggestions?.update(view);
        if (change.docChanged) this.changed();
      },
      handleDOMEvents: { blur: (editor) => this.suggestions?.close(editor) },
    });
    this.view = view;
    this.suggestions.onPick(view);
    this.area.hidden = true;
    this.area.after(this.text);
    this.toolbar = new Toolbar(this, view, {
      attach: () => pickFiles((files) => this.files?.take(files)),
      discard: () => this.discard(),
    });
    this.sync();
    this.toolbar.show();
  }

  private listen(): void {
    const { signal } = this.stop;
    this.addEventListener("click", (event) => this.toolbar?.press((event.target as Element).closest<HTMLElement>("[data-do]")), { signal });
    this.form?.addEventListener("submit", (event) => this.submit(event), { signal });
    for (const kind of ["change", "input"]) {
      this.form?.addEventListener(kind, (event) => (event.target as HTMLInputElement).name && this.changed(), { signal });
    }
    if (this.form && this.dataset.uploadUrl) takeDropped(this.form, (files) => this.files?.take(files), signal);
    this.form?.addEventListener("files-changed", () => this.changed(), { signal });
    this.form?.addEventListener("htmx:afterRequest", (event) => {
      const { successful, elt } = (event as CustomEvent<{ successful: boolean; elt: Element }>).detail;
      if (!successful || elt !== this.form) return;
      this.drafts?.accepted();
      this.value = "";
      this.files?.clear();
      this.querySelectorAll("[name=reply_ids]").forEach((used) => used.remove());
      this.note("");
    }, { signal });
    window.addEventListener("pagehide", () => void this.drafts?.save(true), { signal });
    window.addEventListener("online", () => void this.drafts?.save(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && void this.drafts?.save(true), { signal });
  }

  private submit(event: SubmitEvent): void {
    if (this.files?.isBusy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.note(this.dataset.busy ?? "");
      return;
    }
    this.sync();
    const { form } = this;
    const places = form && !this.isNote ? unfilled(form, this.text.value) : [];
    const asker = document.querySelector<ConfirmDialog>("confirm-dialog");  // without one, the server asks
    if (form && asker && places.length > 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
      void mayLeave(asker, form, places, this.dataset).then((yes) => (yes ? form.requestSubmit(event.submitter) : this.view?.focus()));
      return;
    }
    this.drafts?.submitted();
  }

  private changed(): void {
    this.sync();
    const fields = this.form ? around(this.form, [this.area.name, this.text.name]) : [];
    this.drafts?.change({ html: this.area.value, text: this.text.value, kind: kindOf(this.form), fields });
  }

  /** Empties the form; the server drops the draft with the files that were uploaded for it. */
  private discard(): void {
    if (this.form) empty(this.form);
    this.files?.clear();
    this.value = "";
    this.changed();
    void this.drafts?.save();
    this.view?.focus();
  }

  private sync(): void {
    if (!this.view) return;
    this.area.value = toHtml(this.view.state.doc);
    this.text.value = toText(this.view.state.doc);
    const { placeholder = "", placeholderNote } = this.area.dataset;
    this.view.dom.dataset.placeholder = (this.isNote && placeholderNote) || placeholder;
    const isEmpty = isBlank(this.view.state.doc);
    this.view.dom.classList.toggle("is-empty", isEmpty);
    const discard = this.querySelector<HTMLElement>("[data-do=discard]");
    if (discard) discard.hidden = isEmpty && !this.form?.querySelector("[name=file_ids]");
    this.dispatchEvent(new CustomEvent("words-changed", { bubbles: true }));
  }

  /** A customer would read a colleague's name, and nobody would be drawn in: people are offered in notes only. */
  private get isNote(): boolean {
    return kindOf(this.form) === "note";
  }

  private say(state: DraftState): void {
    this.note({ saving: this.dataset.saving, saved: this.dataset.saved, kept: this.dataset.kept }[state] ?? "");
    if (state === "saved") this.dispatchEvent(new CustomEvent("draft-saved", { bubbles: true }));
  }

  private note(words: string): void {
    this.querySelector(".composer-state")?.replaceChildren(words);
  }
}

customElements.define("rich-composer", RichComposer);

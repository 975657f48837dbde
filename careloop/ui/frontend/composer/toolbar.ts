/** The row of tools under the text: presses them, and shows which are on. */
import { askAddress } from "./asking";
import { TOOLS, hasMark, link } from "./editing";
import { schema } from "./schema";
import type { EditorView } from "prosemirror-view";

export class Toolbar {
  /** own: what buttons do that is not about the text, by their data-do. */
  constructor(
    private readonly host: HTMLElement,
    private readonly view: EditorView,
    private readonly own: Record<string, () => void>,
  ) {
    host.querySelector<HTMLElement>(".composer-tools")?.removeAttribute("hidden");
  }

  press(button: HTMLElement | null): void {
    const act = button?.dataset.do;
    if (!act) return;
    const view = this.view;
    if (this.own[act]) this.own[act]();
    else if (act === "link") {
      askAddress(this.host, this.host.dataset.link ?? "", (address) => {
        if (address) link(address)(view.state, view.dispatch);
        view.focus();
      });
    } else {
      TOOLS[act]?.(view.state, view.dispatch, view);
      view.focus();
    }
  }

  show(): void {
    for (const button of this.host.querySelectorAll<HTMLElement>("[data-do][aria-pressed]")) {
      const mark = schema.marks[button.dataset.do ?? ""];
      if (mark) button.setAttribute("aria-pressed", String(hasMark(this.view.state, mark)));
    }
  }
}

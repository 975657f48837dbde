/** A call instead of waiting: whoever waits says their number, and reads until when they are called. */
import type { Connection, Refused } from "./connection";
import { filled, make, moment } from "./elements";
import type { Config } from "./widget";

export class CallMe {
  readonly box = make("div", { class: "call", hidden: true });
  /** What stands there once the call is promised. */
  promised = "";
  private readonly form = make("form", { novalidate: true, hidden: true });

  constructor(
    private readonly config: Config,
    private readonly connection: Connection,
  ) {
    const { words } = config;
    const opener = make("button", { class: "plain", type: "button", "aria-expanded": "false" }, words.by_call ?? "");
    const field = make("input", { type: "tel", name: "phone", autocomplete: "tel", maxlength: "40", required: true, "aria-describedby": "phone-fault" });
    const hint = make("span", { class: "hint" });
    const fault = make("p", { class: "fault", id: "phone-fault", role: "alert" });
    this.form.append(make("label", {}, words.your_phone ?? "", field, hint), fault, make("button", { class: "main", type: "submit" }, words.ask_call ?? ""));
    opener.addEventListener("click", () => {
      this.form.hidden = !this.form.hidden;
      opener.setAttribute("aria-expanded", String(!this.form.hidden));
      if (this.form.hidden) return;
      field.focus();
      void this.promise(hint);
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask(field, fault);
    });
    this.box.append(opener, this.form);
  }

  show(isWaiting: boolean): void {
    this.box.hidden = !isWaiting || !this.config.callback;
  }

  /** Says until when, as it stands now: whoever waits may have opened the page long ago. */
  private async promise(hint: HTMLElement): Promise<void> {
    const fresh = await this.connection.ask<Config>("config", undefined, "").catch(() => this.config);
    if (fresh.callback) hint.textContent = filled(this.config.words.call_by!, { when: moment(fresh.callback.by, this.config.language) });
  }

  private async ask(field: HTMLInputElement, fault: HTMLElement): Promise<void> {
    const { words, language } = this.config;
    fault.textContent = field.value.trim() ? "" : words.required!;
    field.setAttribute("aria-invalid", String(!field.value.trim()));
    if (!field.value.trim()) return field.focus();
    try {
      const { by } = await this.connection.ask<{ by: string }>("callback", { phone: field.value });
      this.promised = filled(words.called!, { when: moment(by, language) });
      this.box.dispatchEvent(new Event("promised"));
    } catch (problem) {
      fault.textContent = (problem as Refused).message || words.failed!;
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
  }
}

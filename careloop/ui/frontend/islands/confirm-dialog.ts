/** <confirm-dialog>: asks before what carries data-confirm (forms, buttons, links) or htmx's hx-confirm. */

interface HtmxConfirm {
  question: string | null;
  issueRequest(skipConfirmation: boolean): void;
}

export class ConfirmDialog extends HTMLElement {
  private agreed: Element | null = null;

  connectedCallback(): void {
    document.addEventListener("click", this.onClick, true);
    document.addEventListener("submit", this.onSubmit, true);
    document.addEventListener("htmx:confirm", this.onHtmx);
  }

  disconnectedCallback(): void {
    document.removeEventListener("click", this.onClick, true);
    document.removeEventListener("submit", this.onSubmit, true);
    document.removeEventListener("htmx:confirm", this.onHtmx);
  }

  private readonly onClick = (event: Event): void => {
    const asker = (event.target as Element).closest<HTMLElement>(":is(button, a)[data-confirm]");
    if (asker) this.hold(event, asker, () => asker.click());
  };

  private readonly onSubmit = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    if (form.dataset.confirm) this.hold(event, form, () => form.requestSubmit(event.submitter));
  };

  private readonly onHtmx = (event: Event): void => {
    const { question, issueRequest } = (event as CustomEvent<HtmxConfirm>).detail;
    if (!question) return;
    event.preventDefault();
    void this.ask(question, (event.target as HTMLElement).dataset.confirmAct).then((yes) => yes && issueRequest(true));
  };

  private hold(event: Event, asker: HTMLElement, goOn: () => void): void {
    if (this.agreed === asker) {
      this.agreed = null;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    void this.ask(asker.dataset.confirm ?? "", asker.dataset.confirmAct).then((yes) => {
      if (!yes) return;
      this.agreed = asker;
      goOn();
    });
  }

  /** Shows the question; resolves to whether the reader agreed. kind: how the button looks that says yes. */
  ask(question: string, act?: string, kind: "danger" | "primary" = "danger"): Promise<boolean> {
    const dialog = this.querySelector("dialog");
    const words = this.querySelector("#confirm-words");
    const yes = this.querySelector<HTMLButtonElement>("button[value=yes]");
    if (!dialog || !words || !yes) return Promise.resolve(false);
    words.textContent = question;
    const label = [...yes.childNodes].reverse().find((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    if (label) label.textContent = act || yes.dataset.default || "";
    yes.classList.toggle("btn-danger", kind === "danger");
    yes.classList.toggle("btn-primary", kind === "primary");
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }
}

customElements.define("confirm-dialog", ConfirmDialog);

/** On a phone the open chat covers the page, so that focus stays inside it; closed, it goes back to where it came from. */
const REACHABLE = "a[href], button:not(:disabled), input:not([tabindex='-1']), textarea, select, [tabindex='0']";
const COVERING = "(max-width: 480px)";

export class Staying {
  private readonly covers: MediaQueryList | undefined = window.matchMedia?.(COVERING);
  private readonly from = focused(document);

  constructor(private readonly panel: HTMLElement) {
    this.panel.addEventListener("keydown", this.onKey);
    this.covers?.addEventListener("change", this.tell);
    this.tell();
  }

  /** Gives the focus back; otherwise to what opens the chat again. */
  end(otherwise: HTMLElement): void {
    this.covers?.removeEventListener("change", this.tell);
    const back = this.from?.isConnected && this.from !== document.body ? this.from : otherwise;
    back.focus();
  }

  private readonly tell = (): void => {
    if (this.covers?.matches) this.panel.setAttribute("aria-modal", "true");
    else this.panel.removeAttribute("aria-modal");
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Tab" || !this.covers?.matches) return;
    const reachable = [...this.panel.querySelectorAll<HTMLElement>(REACHABLE)].filter((one) => !one.closest("[hidden]"));
    const [first, last] = [reachable[0], reachable[reachable.length - 1]];
    const at = (this.panel.getRootNode() as ShadowRoot).activeElement;
    const isAtEdge = event.shiftKey ? at === first : at === last;
    if (!isAtEdge && at && this.panel.contains(at)) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  };
}

/** What has the focus, also inside of components. */
function focused(root: Document | ShadowRoot): HTMLElement | null {
  const at = root.activeElement;
  return (at?.shadowRoot && focused(at.shadowRoot)) || (at instanceof HTMLElement ? at : null);
}

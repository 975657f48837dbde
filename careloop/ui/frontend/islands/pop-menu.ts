/** <pop-menu><details class="menu">…: arrow keys, Escape, and closing on a click elsewhere or on a choice. */

export class PopMenu extends HTMLElement {
  private get details(): HTMLDetailsElement | null {
    return this.querySelector("details");
  }

  private get items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".menu-list :is(a[href], button:not(:disabled), input)")];
  }

  connectedCallback(): void {
    this.addEventListener("keydown", this.onKey);
    this.addEventListener("click", this.onClick);
    this.addEventListener("toggle", this.onToggle, true);
  }

  disconnectedCallback(): void {
    document.removeEventListener("pointerdown", this.onOutside);
  }

  private readonly onToggle = (): void => {
    if (this.details?.open) {
      document.addEventListener("pointerdown", this.onOutside);
      this.stayInSight();
      this.escapeTable();
    } else document.removeEventListener("pointerdown", this.onOutside);
  };

  /** Opens leftward where there is no room on the right, and upward where there is none below. */
  private stayInSight(): void {
    const place = this.querySelector(".menu-list")?.getBoundingClientRect();
    if (!place) return;
    if (place.right > window.innerWidth - 4) this.details?.classList.add("menu-end");
    if (place.bottom > window.innerHeight - 4 && place.height < place.top) this.details?.classList.add("menu-up");
  }

  /** A table scrolls sideways and would cut the list off, so there the list is placed over the page. */
  private escapeTable(): void {
    const list = this.querySelector<HTMLElement>(".menu-list");
    const table = this.closest(".table-scroll");
    if (!list || !table) return;
    const button = this.getBoundingClientRect();
    list.style.position = "fixed";
    list.style.inset = `${button.bottom + 4}px auto auto ${Math.max(8, button.right - list.offsetWidth)}px`;
    window.addEventListener("scroll", () => this.close(false), { once: true, capture: true });
  }

  private readonly onOutside = (event: Event): void => {
    if (!this.contains(event.target as Node)) this.close(false);
  };

  private readonly onClick = (event: Event): void => {
    const item = (event.target as Element).closest(".menu-item");
    // Not before what the click does: a form is sent with the button that has the focus.
    if (item) setTimeout(() => this.close(item.tagName === "BUTTON"));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.isComposing || !this.details) return;
    if (event.key === "Escape" && this.details.open) {
      event.preventDefault();
      event.stopPropagation();
      this.close(true);
      return;
    }
    const items = this.items;
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined || items.length === 0) return;
    event.preventDefault();
    this.details.open = true;
    items[(to + items.length) % items.length]?.focus();
  };

  close(refocus: boolean): void {
    if (!this.details?.open) return;
    this.details.open = false;
    if (refocus) this.querySelector("summary")?.focus();
  }
}

customElements.define("pop-menu", PopMenu);

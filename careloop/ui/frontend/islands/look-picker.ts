/** <look-picker>: colors and density, at once on this page and kept in a cookie that the server reads. */

const YEAR_SECONDS = 31_536_000;

export class LookPicker extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", this.onClick);
    this.mark();
  }

  private readonly onClick = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLElement>("[data-look]");
    const { look, value } = button?.dataset ?? {};
    if (!look || !value) return;
    document.documentElement.dataset[look] = value;
    document.cookie = `careloop_${look}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    for (const picker of document.querySelectorAll<LookPicker>("look-picker")) picker.mark();
    this.dispatchEvent(new CustomEvent("look-chosen", { bubbles: true, detail: { look, value } }));
  };

  private mark(): void {
    for (const button of this.querySelectorAll<HTMLElement>("[data-look]")) {
      const chosen = document.documentElement.dataset[button.dataset.look ?? ""];
      button.setAttribute("aria-pressed", String(button.dataset.value === chosen));
    }
  }
}

customElements.define("look-picker", LookPicker);

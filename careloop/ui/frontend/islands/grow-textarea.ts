/** <grow-textarea><textarea></textarea></grow-textarea>: as tall as its text, where CSS `field-sizing` is not known. */

export class GrowTextarea extends HTMLElement {
  connectedCallback(): void {
    if (CSS.supports("field-sizing", "content")) return;
    this.addEventListener("input", this.fit);
    this.fit();
  }

  disconnectedCallback(): void {
    this.removeEventListener("input", this.fit);
  }

  private readonly fit = (): void => {
    const area = this.querySelector("textarea");
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
}

customElements.define("grow-textarea", GrowTextarea);

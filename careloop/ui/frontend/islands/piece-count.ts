/**
 * <piece-count data-words="{count} of {most}, {pieces}" data-most="1600" data-field="body_text">: how long a text message is by now, and in how many pieces
 * it travels. Counted as the server counts (channels/capabilities.py): 3GPP TS 23.038.
 */

const PLAIN = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const TWICE = new Set("^{}\\[~]|€\f");

/** In how many pieces a text message travels; an empty one travels as one. */
export function piecesOf(text: string): number {
  const letters = [...text];
  const isPlain = letters.every((letter) => PLAIN.has(letter) || TWICE.has(letter));
  const length = isPlain ? letters.reduce((sum, letter) => sum + (TWICE.has(letter) ? 2 : 1), 0) : text.length;
  const [whole, part] = isPlain ? [160, 153] : [70, 67];
  return length <= whole! ? 1 : Math.ceil(length / part!);
}

export class PieceCount extends HTMLElement {
  private readonly stop = new AbortController();

  connectedCallback(): void {
    for (const kind of ["words-changed", "input"]) {
      this.closest("form")?.addEventListener(kind, () => this.count(), { signal: this.stop.signal });
    }
    this.count();
  }

  disconnectedCallback(): void {
    this.stop.abort();
  }

  private count(): void {
    const { words = "", most = "", field = "body_text" } = this.dataset;
    const area = this.closest("form")?.querySelector<HTMLTextAreaElement>(`[name=${field}]`);
    const text = area?.value.trim() ?? "";
    const letters = [...text].length;
    const told = { count: letters, most, pieces: text ? piecesOf(text) : 0 };
    this.hidden = !text;
    this.classList.toggle("is-too-long", letters > Number(most));
    this.textContent = words.replace(/\{(count|most|pieces)\}/g, (_, name: keyof typeof told) => String(told[name]));
  }
}

customElements.define("piece-count", PieceCount);

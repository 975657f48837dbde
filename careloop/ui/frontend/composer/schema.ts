/** What an answer may contain. Pasted HTML is parsed into this and nothing else, so styles and scripts fall away. */
import { DOMParser as DocumentReader, DOMSerializer, Schema, type Node as Document, type Slice } from "prosemirror-model";

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }, { tag: "div" }], toDOM: () => ["p", 0] },
    blockquote: { content: "block+", group: "block", defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
    bullet_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    ordered_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ol" }], toDOM: () => ["ol", 0] },
    list_item: { content: "paragraph block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    text: { group: "inline" },
    hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    mention: {
      inline: true,
      group: "inline",
      atom: true,
      attrs: { id: {}, label: {} },
      parseDOM: [
        {
          tag: "span[data-mention]",
          getAttrs: (element) => ({ id: element.dataset.mention ?? "", label: (element.textContent ?? "").replace(/^@/, "") }),
        },
      ],
      toDOM: (node) => ["span", { class: "mention", "data-mention": String(node.attrs.id) }, `@${String(node.attrs.label)}`],
      leafText: (node) => `@${String(node.attrs.label)}`,
    },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: (element) => safeLink(element.getAttribute("href") ?? "") }],
      toDOM: (mark) => ["a", { href: String(mark.attrs.href), rel: "noopener noreferrer" }, 0],
    },
    em: { parseDOM: [{ tag: "i" }, { tag: "em" }, { tag: "span[data-slant=italic]", consuming: false }], toDOM: () => ["em", 0] },
    strong: {
      // Google Docs wraps a whole paste in <b style="font-weight:normal">.
      parseDOM: [{ tag: "strong" }, { tag: "b:not([data-weight=normal])" }, { tag: "span[data-weight=bold]", consuming: false }],
      toDOM: () => ["strong", 0],
    },
  },
});

/** The link's address when it is one to follow, else false: no script or data addresses. */
export function safeLink(href: string): { href: string } | false {
  return /^(https?:|mailto:|tel:)/i.test(href.trim()) ? { href: href.trim() } : false;
}

/** Drops what the content policy would block and report, keeping the two facts that we read from styles. */
export function calmed(html: string): string {
  return html.replace(/<[a-z][^>]*>/gi, (tag) => calmedTag(tag.replace(/\son\w+=("[^"]*"|'[^']*'|[^\s>]*)/gi, "")));
}

function calmedTag(tag: string): string {
  return tag.replace(/\sstyle=("[^"]*"|'[^']*')/gi, (_whole, style: string) => {
    const weight = /font-weight:\s*(bold|[6-9]00)/i.test(style) ? "bold" : /font-weight:\s*(normal|400)/i.test(style) ? "normal" : "";
    const slant = /font-style:\s*italic/i.test(style) ? ' data-slant="italic"' : "";
    return (weight ? ` data-weight="${weight}"` : "") + slant;
  });
}

function body(html: string): HTMLElement {
  return new DOMParser().parseFromString(calmed(html), "text/html").body;
}

export function fromHtml(html: string): Document {
  return DocumentReader.fromSchema(schema).parse(body(html));
}

export function sliceFromHtml(html: string): Slice {
  return DocumentReader.fromSchema(schema).parseSlice(body(html));
}

export function toHtml(document_: Document): string {
  if (isBlank(document_)) return "";
  const holder = document.createElement("div");
  holder.append(DOMSerializer.fromSchema(schema).serializeFragment(document_.content));
  return holder.innerHTML;
}

export function isBlank(document_: Document): boolean {
  return document_.childCount === 1 && document_.firstChild?.type === schema.nodes.paragraph && document_.firstChild.childCount === 0;
}

/** The same words for a plain-text mail: "- " and "1. " for lists, "> " for quotes, an address after its link's words. */
export function toText(node: Document): string {
  return lines(node).join("\n").trimEnd();
}

function lines(node: Document): string[] {
  const parts: string[][] = [];
  node.forEach((child, _offset, index) => {
    if (child.type === schema.nodes.paragraph) parts.push(inline(child).split("\n"));
    else if (child.type === schema.nodes.blockquote) parts.push(lines(child).map((line) => `> ${line}`));
    else if (child.type === schema.nodes.list_item) {
      const mark = node.type === schema.nodes.ordered_list ? `${index + 1}. ` : "- ";
      parts.push(lines(child).map((line, at) => (at === 0 ? mark : " ".repeat(mark.length)) + line));
    } else parts.push(lines(child));
  });
  const isTight = node.type === schema.nodes.bullet_list || node.type === schema.nodes.ordered_list || node.type === schema.nodes.list_item;
  return parts.flatMap((part, index) => (index > 0 && !isTight ? ["", ...part] : part));
}

function inline(paragraph: Document): string {
  let text = "";
  paragraph.forEach((child) => {
    const words = child.type === schema.nodes.hard_break ? "\n" : child.isText ? (child.text ?? "") : child.textContent || `@${String(child.attrs.label)}`;
    const link = child.marks.find((mark) => mark.type === schema.marks.link);
    text += link && String(link.attrs.href) !== words ? `${words} (${String(link.attrs.href)})` : words;
  });
  return text;
}

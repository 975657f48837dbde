/** Keys and tools of the editor. */
import { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { inputRules, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import type { MarkType } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import type { Command, EditorState, Plugin } from "prosemirror-state";
import { safeLink, schema } from "./schema";

const { nodes, marks } = schema;

const newLine: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break!.create()).scrollIntoView());
  return true;
};

const toggleWrap = (wrap: Command): Command => (state, dispatch, view) => wrap(state, dispatch, view) || lift(state, dispatch);

/** What a tool button does, by its data-do. */
export const TOOLS: Readonly<Record<string, Command>> = {
  strong: toggleMark(marks.strong!),
  em: toggleMark(marks.em!),
  bullet_list: chainCommands(liftListItem(nodes.list_item!), wrapInList(nodes.bullet_list!)),
  ordered_list: chainCommands(liftListItem(nodes.list_item!), wrapInList(nodes.ordered_list!)),
  blockquote: toggleWrap(wrapIn(nodes.blockquote!)),
};

export function hasMark(state: EditorState, mark: MarkType): boolean {
  const { from, to, empty, $from } = state.selection;
  if (empty) return (state.storedMarks ?? $from.marks()).some((each) => each.type === mark);
  return state.doc.rangeHasMark(from, to, mark);
}

/** Links the selected words, or writes the address itself; an address that is not one to follow does nothing. */
export function link(address: string): Command {
  return (state, dispatch) => {
    const attrs = safeLink(address.includes(":") ? address : `https://${address}`);
    if (!attrs || address.trim() === "") return false;
    const mark = marks.link!.create(attrs);
    const { from, to, empty } = state.selection;
    const change = empty ? state.tr.insert(from, schema.text(address.trim(), [mark])) : state.tr.addMark(from, to, mark);
    dispatch?.(change.scrollIntoView());
    return true;
  };
}

/** submit: what Ctrl+Enter or ⌘Enter does. */
export function editingPlugins(submit: () => void): Plugin[] {
  return [
    inputRules({
      rules: [
        wrappingInputRule(/^\s*>\s$/, nodes.blockquote!),
        wrappingInputRule(/^\s*([-*])\s$/, nodes.bullet_list!),
        wrappingInputRule(/^1\.\s$/, nodes.ordered_list!),
      ],
    }),
    keymap({
      "Mod-Enter": () => {
        submit();
        return true;
      },
      "Mod-z": undo,
      "Mod-y": redo,
      "Mod-Shift-z": redo,
      "Mod-b": TOOLS.strong!,
      "Mod-i": TOOLS.em!,
      "Mod-Shift-8": TOOLS.bullet_list!,
      "Mod-Shift-7": TOOLS.ordered_list!,
      "Mod-Shift-9": TOOLS.blockquote!,
      "Mod-]": sinkListItem(nodes.list_item!),
      "Mod-[": liftListItem(nodes.list_item!),
      "Shift-Enter": chainCommands(exitCode, newLine),
      Enter: splitListItem(nodes.list_item!),
      Backspace: (state, dispatch) => {
        const { $cursor } = state.selection as { $cursor?: { parentOffset: number; depth: number } };
        return $cursor?.parentOffset === 0 && $cursor.depth > 1 ? liftListItem(nodes.list_item!)(state, dispatch) : false;
      },
    }),
    keymap({ ...baseKeymap, "Mod-Alt-0": setBlockType(nodes.paragraph!) }),
    history(),
  ];
}

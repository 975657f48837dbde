"""Views of this room: parse, call one act or question, answer."""

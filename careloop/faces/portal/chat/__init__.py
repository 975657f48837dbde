"""The chat on the company's sites: what their pages show is a script of ours, and this is what it talks to."""

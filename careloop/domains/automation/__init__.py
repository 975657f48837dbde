"""Rules that act by themselves on events and as time passes, and macros that people apply: one vocabulary of actions."""

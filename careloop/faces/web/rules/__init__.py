"""Rules and macros in the workspace: their lists, editors, trials and logs."""

"""Components, design tokens and islands; knows no domain."""

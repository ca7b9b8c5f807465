"""The explorer: its state, its chart types, and the answers that the browser gets."""

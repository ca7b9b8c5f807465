"""The explorer: its state, what a state may ask for, the compact data it ships, and its questions."""

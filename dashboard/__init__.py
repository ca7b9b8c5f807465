"""The reader's side of Pursuit: dataset in memory, verdicts, figures, pages, exports."""

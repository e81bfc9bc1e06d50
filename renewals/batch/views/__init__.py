"""Pages of runs: chosen, reviewed, issued."""

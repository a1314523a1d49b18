"""What is measured and against what: `python -m benchmarks` runs all of it and writes docs/benchmarks.md."""

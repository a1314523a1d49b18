"""What a request does: `answer.py` is the way out, top to bottom; `gate/` the only door to data about people."""

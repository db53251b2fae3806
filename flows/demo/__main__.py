"""`python -m flows.demo` does the same as `paperlog demo`."""

from __future__ import annotations

from flows.__main__ import main

if __name__ == "__main__":
    main(["demo"])

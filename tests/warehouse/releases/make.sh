#!/bin/sh
# Make the home of an older commit and pack it:  make.sh CHECKOUT OUTPUT.tar.xz
# CHECKOUT is a clone of the commit after `make install`; every page is the commit's own and invented.
set -eu
checkout=$(cd "$1" && pwd)
output=$2
paperlog=$checkout/.venv/bin/paperlog
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PAPERLOG_HOME="$scratch/home" DO_NOT_TRACK=1
unset PREFECT_API_URL

# The demo's Monday, one paper without its title, and the weekly review of two of Monday's papers and thirteen others.
(cd "$checkout" && .venv/bin/python - "$scratch") <<'PYTHON'
import sys
from pathlib import Path

from flows.demo_site import MONDAY, papers_by_day, site

pages = site()
untitled = papers_by_day()[0][5].title.encode()
Path(sys.argv[1], "monday.html").write_bytes(pages[f"/papers/date/{MONDAY}"].body.replace(untitled, b""))
Path(sys.argv[1], "week.txt").write_bytes(pages[f"/weekly/{MONDAY}.txt"].body)
PYTHON

adopt() {
    source=$1 file=$2 read_at=$3
    "$paperlog" adopt "$source" "$file" --fetched-at "$read_at" --no-prefect --no-publish
}
saved=$checkout/tests/pages/hf_daily
adopt hf_daily "$saved/open_day/page.html" 2026-01-07T18:00:00Z
adopt hf_daily "$saved/title_missing/page.html" 2026-01-07T20:00:00Z || true # refused: one of three without a title
adopt hf_daily "$saved/closed_day/page.html" 2026-01-08T12:00:00Z
adopt hf_daily "$scratch/monday.html" 2025-03-04T09:30:00Z
adopt weekly_review "$scratch/week.txt" 2025-03-11T12:00:00Z
"$paperlog" publish

# A person's word: two of the three papers of 2026-01-07 are one. Where the command exists: a day is lost for good.
key() {
    "$paperlog" sql "select paper_key from papers where arxiv_id = '$1'" | tail -n 1
}
"$paperlog" merge "$(key 2601.00002)" "$(key 2601.00003)" --reason "invented: the same paper under two numbers"
"$paperlog" unrecoverable hf_daily 2025-03-05 --reason "invented: nobody kept it" || true
"$paperlog" publish

cd "$PAPERLOG_HOME"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=2026-11-22T00:00:00Z -cf - \
    landing manifest.json warehouse.duckdb | xz -9e > "$scratch/home.tar.xz"
cd "$OLDPWD"
cp "$scratch/home.tar.xz" "$output"

#!/usr/bin/env bash
# Builds tracker/static from the two packages and our own sources. The result is committed, so nobody needs Node
# to install, run or test. Run it again after a change here: `make assets`, then look at `git diff`.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --ignore-scripts --silent
if grep -nE 'https?://' package-lock.json; then
  echo "package-lock.json names a host: keep the .npmrc beside it" >&2
  exit 1
fi
node build.mjs ../static
if grep -rliE 'GDS Transport|govuk-crest|crown-icon|logotype|assets/(images|fonts)' ../static --include='*.css' --include='*.js' --include='*.svg'; then
  echo "a built file still carries the fonts, the crest or the crown" >&2
  exit 1
fi

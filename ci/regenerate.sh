#!/usr/bin/env bash
# Regenerates an SDK in a pipeline and says what changed for its callers.
#
# Reads:  SPEC     the document; what is configured when it is not given
#         OUTPUT   the folder of the SDK, with its lock file when it was generated before
#         SUMMARY  where the Markdown goes; clientgen-summary.md by default
#         OPTIONS  further options of `clientgen generate`, if any
# Writes: SUMMARY, and `changed`, `bump` and `version` to GITHUB_OUTPUT, else to standard output.
set -euo pipefail

summary=${SUMMARY:-clientgen-summary.md}
results=${GITHUB_OUTPUT:-/dev/stdout}
read -ra options <<<"${OPTIONS:-}"
spec=()
if [ -n "${SPEC:-}" ]; then spec=("$SPEC"); fi

if [ -e "$OUTPUT/clientgen.lock" ]; then
    clientgen diff "$OUTPUT" "${spec[@]}" --format markdown >"$summary"
    bump=$(clientgen diff "$OUTPUT" "${spec[@]}" --format json | sed -n 's/^ "bump": "\(.*\)",$/\1/p')
else
    echo "**A new SDK.**" >"$summary"
    bump=none
fi

clientgen generate "${spec[@]}" -o "$OUTPUT" --bump "${options[@]}" >/dev/null

if [ -n "$(git status --porcelain -- "$OUTPUT")" ]; then changed=true; else changed=false; fi
version=$(sed -n 's/^ "package_version": "\(.*\)",$/\1/p' "$OUTPUT/clientgen.lock")
{
    echo "changed=$changed"
    echo "bump=$bump"
    echo "version=$version"
} >>"$results"

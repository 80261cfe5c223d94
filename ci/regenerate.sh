#!/usr/bin/env bash
# Regenerates an SDK in a pipeline and says what changed for its callers.
#
# Reads:  SPEC     the document; what is configured when it is not given
#         OUTPUT   the folder of the SDK, with its lock file when it was generated before
#         SUMMARY  where the Markdown goes; clientgen-summary.md by default
#         OPTIONS  further options of `clientgen generate`, if any, on one line or several
# Writes: SUMMARY, and `changed`, `bump` and `version` to GITHUB_OUTPUT, else to standard output.
set -euo pipefail

summary=${SUMMARY:-clientgen-summary.md}
results=${GITHUB_OUTPUT:-/dev/stdout}
# Ends with 1, since there is no delimiter before the end.
read -r -d '' -a options <<<"${OPTIONS:-}" || true
arguments=(-o "$OUTPUT" --bump)
if [ -n "${SPEC:-}" ]; then arguments=("$SPEC" "${arguments[@]}"); fi
if [ "${#options[@]}" -gt 0 ]; then arguments+=("${options[@]}"); fi

# With `--meta none` the lock file stands in the package.
locks() { (cd "$OUTPUT" 2>/dev/null && find . -maxdepth 2 -name clientgen.lock) || true; }

# What is in the output is compared, before and after: so all options count, and what is
# fetched is fetched once.
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
locks | while read -r each; do
    mkdir -p "$before/$(dirname "$each")"
    cp "$OUTPUT/$each" "$before/$each"
done

# It may stand in the output, where it is no change.
rm -f "$summary"
clientgen generate "${arguments[@]}" >/dev/null

if [ -n "$(git -C "$OUTPUT" status --porcelain -- .)" ]; then changed=true; else changed=false; fi

lock=$(if [ -e "$OUTPUT/clientgen.lock" ]; then echo ./clientgen.lock; else locks; fi)
if [ "$(wc -l <<<"$lock")" -gt 1 ]; then
    echo "error: $OUTPUT has several packages; give each an output of its own" >&2
    exit 2
fi
if [ -e "$before/$lock" ]; then
    clientgen diff "$before/$lock" "$OUTPUT/$lock" --format markdown >"$summary"
    bump=$(clientgen diff "$before/$lock" "$OUTPUT/$lock" --format json |
        sed -n 's/^ "bump": "\(.*\)",$/\1/p')
else
    echo "**A new SDK.**" >"$summary"
    bump=none
fi
version=$(sed -n 's/^ "package_version": "\(.*\)",$/\1/p' "$OUTPUT/$lock")
{
    echo "changed=$changed"
    echo "bump=$bump"
    echo "version=$version"
} >>"$results"

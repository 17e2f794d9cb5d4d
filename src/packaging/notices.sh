#!/bin/sh
# Prints the third-party notices of what is shipped: src/packaging/notices.sh > docs/third-party-notices.md
# The packages and their versions are those of the lock file; who made each of them, and under which licence, its own nuspec says. It needs
# what a restore has fetched. A licence that is not in src/packaging/licenses stops it, so that somebody reads that first.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}

# "Id version" of each package in the lock file, direct or not; of a project reference there is no version.
locked() {
    awk -F'"' '/^      "/ { id = $2 } /"resolved":/ { print id, $4 }' "$here/src/OpCollector/packages.lock.json" | LC_ALL=C sort -fu
}

# The first value of an element of a nuspec.
element() { sed -n "s:.*<$1[^>]*>\(.*\)</$1>.*:\1:p" "$2" | head -n 1 | sed 's/&amp;/\&/g; s/&lt;/</g; s/&gt;/>/g'; }

cat <<'END'
# Third-party notices

OpCollector contains the following software of others, and the .NET runtime (MIT, Copyright (c) .NET Foundation and Contributors). This page is
made by `src/packaging/notices.sh` from the lock file.

| package | version | licence | made by |
|---|---|---|---|
END
used=
list=$(locked)
while read -r id version; do
    nuspec=$packages/$(echo "$id" | tr '[:upper:]' '[:lower:]')/$version/$(echo "$id" | tr '[:upper:]' '[:lower:]').nuspec
    [ -e "$nuspec" ] || { echo "$nuspec is not there; run dotnet restore" >&2; exit 66; }
    license=$(element license "$nuspec")
    case $license in
        LICENSE.txt | LICENSE) license=$(sed -n '/MIT License/{s/.*/MIT/p;q;}' "$(dirname "$nuspec")/$license") ;;
    esac
    [ -e "$here/src/packaging/licenses/$license.txt" ] || { echo "$id has the licence \"$license\", which nobody has read yet." >&2; exit 65; }
    maker=$(element copyright "$nuspec")
    [ -n "$maker" ] || maker=$(element authors "$nuspec")
    echo "| [$id]($(element projectUrl "$nuspec")) | $version | $license | $maker |"
    case $used in *" $license "*) ;; *) used="$used $license " ;; esac
done <<END
$list
END
for license in $(printf '%s\n' $used | LC_ALL=C sort); do
    printf '\n## %s\n\n```\n' "$license"
    sed 's/[[:space:]]*$//' "$here/src/packaging/licenses/$license.txt" | sed '/./,$!d'
    printf '```\n'
done

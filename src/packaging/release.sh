#!/usr/bin/env bash
# Makes everything of a release out of a clean clone: src/packaging/release.sh [DIRECTORY]
#   the executables for linux-x64 and linux-arm64, a Debian package of each, the .NET tool, the CycloneDX list of what is in it (SBOM), the
#   third-party notices, and SHA256SUMS over all of them.
# The executable for this machine's architecture is machine code; for the other one the .NET runtime is packed into it. Whoever builds the same
# commit with the same SDK and C library gets the same executables, from any folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
directory=$(mkdir -p "${1:-release}" && cd "${1:-release}" && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if [ -n "$(git status --porcelain --untracked-files=no)" ]; then
  echo "There are changes that are not committed; a release is of a commit." >&2
  exit 65
fi
# What is packed has the time of the commit, not of the day it is packed.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet restore src/OpCollector --locked-mode
src/packaging/notices.sh | cmp - docs/third-party-notices.md ||
  { echo "docs/third-party-notices.md is out of date; make it with src/packaging/notices.sh" >&2; exit 65; }
cp docs/third-party-notices.md "$directory"

for architecture in x64 arm64; do
  dotnet publish src/OpCollector -c Release -r "linux-$architecture" --output "$work/$architecture"
  install -m 755 "$work/$architecture/opcollector" "$directory/opcollector-$version-linux-$architecture"
done
case $(uname -m) in x86_64) native=x64 ;; *) native=arm64 ;; esac
for architecture in x64 arm64; do
  src/packaging/build-deb.sh "$work/$architecture/opcollector" "$directory" "$version" "$work/$native/opcollector"
done
dotnet pack src/OpCollector -c Release --output "$directory"

# Each package with its version, licence and hash, for those who look for what is vulnerable.
dotnet tool install CycloneDX --version 6.3.1 --tool-path "$work/tools" >/dev/null
"$work/tools/dotnet-CycloneDX" src/OpCollector/OpCollector.csproj --disable-package-restore --no-serial-number --output-format Json \
  --set-name opcollector --set-version "$version" --set-type Application \
  --output "$directory" --filename "opcollector-$version.cdx.json"

cd "$directory"
sha256sum -- *"$version"* third-party-notices.md > SHA256SUMS
cat SHA256SUMS

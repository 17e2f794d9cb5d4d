#!/bin/sh
# Makes opcollector_VERSION_ARCHITECTURE.deb of the one file that dotnet publish makes:
#   src/packaging/build-deb.sh [EXECUTABLE [DIRECTORY [VERSION [RUNNABLE]]]]
# The architecture is that of the executable; one that this machine cannot run does not tell its version, so it is given, and so is one of
# the same version that it can run: that prints the manual page and what shells complete by.
# It needs dpkg-deb and nothing else. The timer is there and sleeps until somebody enables it.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
executable=${1:-$here/artifacts/opcollector}
directory=${2:-$here/artifacts}
version=${3:-$("$executable" --version)}
runnable=${4:-$executable}
# e_machine of its ELF header: two bytes, the lower one first.
machine=$(od -An -tu1 -j18 -N1 "$executable" | tr -d " ")
case $machine in
    62) architecture=amd64 ;;
    183) architecture=arm64 ;;
    *) echo "$executable is made for no architecture that a package is made of (machine $machine)." >&2 && exit 65 ;;
esac

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
documents=$tree/usr/share/doc/opcollector

install -D -m 755 "$executable" "$tree/usr/bin/opcollector"
for unit in opcollector.service opcollector.timer opcollector@.service opcollector@.timer; do
    install -D -m 644 "$here/samples/systemd/$unit" "$tree/usr/lib/systemd/system/$unit"
done
"$runnable" man | gzip -9n | install -D -m 644 /dev/stdin "$tree/usr/share/man/man1/opcollector.1.gz"
"$runnable" completion bash | install -D -m 644 /dev/stdin "$tree/usr/share/bash-completion/completions/opcollector"
"$runnable" completion zsh | install -D -m 644 /dev/stdin "$tree/usr/share/zsh/vendor-completions/_opcollector"
"$runnable" completion fish | install -D -m 644 /dev/stdin "$tree/usr/share/fish/vendor_completions.d/opcollector.fish"
install -D -m 755 "$here/samples/systemd/opcollector-service" "$tree/usr/sbin/opcollector-service"
install -d -m 755 "$tree/etc/opcollector" "$documents/docs"
install -m 644 "$here/README.md" "$documents"
install -m 644 "$here"/docs/*.md "$documents/docs"
cp -r "$here/samples" "$documents/samples"
rm -rf "$documents/samples/out" "$documents/samples/state" "$documents/samples/events-token"
chmod -R u=rwX,go=rX "$documents"

install -d -m 755 "$tree/DEBIAN"
cat > "$tree/DEBIAN/control" <<END
Package: opcollector
Version: $version
Architecture: $architecture
Maintainer: OpCollector maintainers <$(sed -n "s/^    \(.*@.*\)$/\1/p" "$here/docs/contact.md")>
Section: admin
Priority: optional
Depends: libc6 (>= $(getconf GNU_LIBC_VERSION | cut -d" " -f2)), libgcc-s1, libstdc++6, libssl3 | libssl3t64, ca-certificates
Installed-Size: $(du -sk --exclude=DEBIAN "$tree" | cut -f1)
Description: bring every event of a 1Password Business account to a SIEM
 Started every few minutes, it pages the events of the Activity Log or of the
 Events API since the last time, adds names, looks for what is dangerous, and
 delivers all of it, in order, at least once.
END
install -m 755 "$here/src/packaging/postinst" "$here/src/packaging/prerm" "$here/src/packaging/postrm" "$tree/DEBIAN"

mkdir -p "$directory"
dpkg-deb --root-owner-group -Zgzip --build "$tree" "$directory/opcollector_${version}_${architecture}.deb"

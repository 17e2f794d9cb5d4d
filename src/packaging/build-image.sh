#!/bin/sh
# Makes a container image of the one file that dotnet publish makes: src/packaging/build-image.sh [TAG [EXECUTABLE [LIBRARIES]]]
# It asks for no other image and no network: FROM scratch. The libraries come from this machine, or, for another architecture, from the
# directory LIBRARIES, into which packages of that architecture were unpacked. It needs buildah, podman or Docker; BUILDER says which.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
tag=${1:-opcollector}
executable=${2:-$here/artifacts/opcollector}
libraries=${3:-}
# e_machine of its ELF header: two bytes, the lower one first.
machine=$(od -An -tu1 -j18 -N1 "$executable" | tr -d " ")
case $machine in
    62) architecture=amd64 triplet=x86_64-linux-gnu loader=/lib64/ld-linux-x86-64.so.2 ;;
    183) architecture=arm64 triplet=aarch64-linux-gnu loader=/lib/ld-linux-aarch64.so.1 ;;
    *) echo "$executable is made for no architecture that an image is made of (machine $machine)." >&2 && exit 65 ;;
esac

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
root=$context/root
install -D -m 755 "$executable" "$root/usr/bin/opcollector"

# What it is linked to, the resolver of names, and OpenSSL, which .NET loads by itself. C++ is linked to where the runtime is packed into the file.
needed="libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 libnss_files.so.2 libnss_dns.so.2 libssl.so.3 libcrypto.so.3"
for library in libstdc++.so.6 libgcc_s.so.1; do
    if grep -aqF "$library" "$executable"; then needed="$needed $library"; fi
done
# OpenSSL 3.2 and later compress certificates by these.
for library in $needed libz.so.1 libzstd.so.1; do
    for directory in "$libraries/lib/$triplet" "$libraries/usr/lib/$triplet"; do
        if [ -e "$directory/$library" ]; then
            install -D -m 755 "$directory/$library" "$root/usr/lib/$triplet/$library"
        fi
    done
done
for library in $needed; do
    case $library in libdl.* | libpthread.* | librt.* | libresolv.* | libnss_*) continue ;; esac
    test -e "$root/usr/lib/$triplet/$library" || { echo "$library for $architecture is not there; install libc6 and libssl3." >&2; exit 69; }
done
ln -s usr/lib "$root/lib"
if [ -e "$libraries$loader" ]; then
    case $loader in
        /lib64/*) install -D -m 755 "$libraries$loader" "$root$loader" ;;
        *) install -D -m 755 "$libraries$loader" "$root/usr$loader" ;;
    esac
else
    install -D -m 755 "$libraries/usr/lib/$triplet/$(basename "$loader")" "$root/usr/lib/$(basename "$loader")"
fi

# Certificates are the same for every architecture.
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
install -d -m 755 "$root/etc/opcollector"
printf 'opcollector:x:65532:65532:OpCollector:/var/lib/opcollector:/nonexistent\n' > "$root/etc/passwd"
printf 'opcollector:x:65532:\n' > "$root/etc/group"
printf 'hosts: files dns\n' > "$root/etc/nsswitch.conf"
install -d -m 1777 "$root/tmp"
# A volume that is mounted there has an owner of its own.
install -d -m 700 "$context/home/opcollector"
install -D -m 644 "$here/docs/third-party-notices.md" "$root/usr/share/doc/opcollector/third-party-notices.md"

builder=${BUILDER:-}
for each in podman buildah docker; do
    if [ -z "$builder" ] && command -v "$each" >/dev/null; then builder=$each; fi
done
case $builder in
    # chroot and vfs work within a container too, where mounts and limits are not to be had.
    buildah) buildah --storage-driver vfs build --isolation chroot --arch "$architecture" --tag "$tag" --file "$here/src/packaging/Containerfile" "$context" ;;
    podman) podman build --arch "$architecture" --tag "$tag" --file "$here/src/packaging/Containerfile" "$context" ;;
    docker) docker build --platform "linux/$architecture" --tag "$tag" --file "$here/src/packaging/Containerfile" "$context" ;;
    *) echo "None of buildah, podman and docker is installed." >&2; exit 69 ;;
esac

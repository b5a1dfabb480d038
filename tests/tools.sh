#!/bin/sh
# Install the Debian packages that tests use, where this user may; say what stays missing, and never fail.
missing=""
command -v antiword >/dev/null || missing="$missing antiword"
# Packed members of rar archives are read with bsdtar.
command -v bsdtar >/dev/null || command -v unar >/dev/null || missing="$missing libarchive-tools"
command -v chromium >/dev/null || missing="$missing chromium"
# Pages are judged as pictures, too: without a font with Chinese characters they would be empty boxes.
fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fontconfig fonts-wqy-microhei"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get -qq update >/dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null &&
        exit 0
fi
echo "not installed:$missing; the tests that need them will be skipped" >&2
exit 0

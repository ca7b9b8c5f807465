#!/bin/sh
# Make a virtual environment: tools/venv.sh PYTHON DIR. Debian splits venv off Python; as root we fetch it.
set -eu
python=$1
dir=$2
command -v "$python" >/dev/null 2>&1 || { echo "no $python here: install Python 3.11 or newer, or say make PYTHON=/path/to/python" >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "$("$python" --version) is too old: Pursuit needs Python 3.11 or newer (make PYTHON=…)" >&2; exit 1; }
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
  else
    echo "this Python has no venv module: install it (Debian, Ubuntu: sudo apt-get install python3-venv) and say make again" >&2
    exit 1
  fi
fi
exec "$python" -m venv "$dir"

#!/usr/bin/env bash
# Makes the lock files anew from pyproject.toml; `requirements/lock.sh --upgrade` also takes newer versions.
# Each file holds everything its purpose needs, with hashes, for all systems and for Python 3.11 and newer.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_CUSTOM_COMPILE_COMMAND="requirements/lock.sh"

lock() {
    uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-annotate \
        --output-file "requirements/$1.txt" "${@:2}"
}

lock runtime pyproject.toml "$@"
lock test pyproject.toml --extra test --constraint requirements/runtime.txt "$@"
lock dev pyproject.toml --extra test --extra dev --constraint requirements/test.txt "$@"
lock build requirements/build.in --constraint requirements/dev.txt "$@"

#!/bin/bash
set -euo pipefail

sudo dnf upgrade --releasever=latest --assumeyes
sudo dnf install --assumeyes nodejs24

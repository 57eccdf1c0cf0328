#!/bin/bash
# Installs the package with what it requires. Packer has uploaded it to /tmp.
set -euo pipefail

sudo dnf install --assumeyes /tmp/shop.rpm
sudo systemctl enable shop.service
rm /tmp/shop.rpm

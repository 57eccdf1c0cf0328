#!/bin/bash
# Installs the application. Packer has uploaded it to /tmp/app.
set -euo pipefail

sudo dnf install --assumeyes nodejs24
sudo useradd --system --no-create-home shop
sudo install -d -m 0755 /opt/shop
sudo cp -r /tmp/app/. /opt/shop
# Of a project with dependencies, upload node_modules of a `npm ci --omit=dev` as well: nothing is fetched at boot.
sudo install -m 0644 /tmp/app/shop.service /etc/systemd/system/shop.service
sudo systemctl enable shop.service

#!/bin/bash
# Installs the application. Packer has uploaded it to /tmp/app; Node.js is in the base.
set -euo pipefail

sudo useradd --system --no-create-home shop
sudo install -d -m 0755 /opt/shop
sudo cp -r /tmp/app/. /opt/shop
sudo install -m 0644 /tmp/app/shop.service /etc/systemd/system/shop.service
sudo systemctl enable shop.service

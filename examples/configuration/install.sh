#!/bin/bash
# Puts what reads the configuration at boot into the image. Packer has uploaded it to /tmp.
set -euo pipefail

# Amazon Linux has curl and the AWS CLI.
sudo dnf install --assumeyes jq
sudo install -m 0755 /tmp/configuration/app-configuration /usr/local/bin/app-configuration
sudo install -m 0644 /tmp/configuration/app-configuration@.service /etc/systemd/system/

# A Node.js application on Amazon Linux 2023.

# Set by the action, for each build.
variable "immutable_deploy_commit" {
  type    = string
  default = "local"
}

variable "immutable_deploy_run" {
  type    = string
  default = ""
}

variable "region" {
  type    = string
  default = env("AWS_REGION")
}

locals {
  # Image names are unique: a commit that is built again gets another one.
  built = regex_replace(timestamp(), "[- TZ:]", "")
}

source "amazon-ebs" "shop" {
  region        = var.region
  instance_type = "t3.small"
  ssh_username  = "ec2-user"
  ami_name      = "shop-${local.built}-${var.immutable_deploy_commit}"

  source_ami_filter {
    owners      = ["amazon"]
    most_recent = true
    filters = {
      name                = "al2023-ami-2023.*-x86_64"
      root-device-type    = "ebs"
      virtualization-type = "hvm"
    }
  }

  # With this tag the action finds the builder instance again, and removes it when the build was cancelled.
  run_tags = {
    "Name"                 = "Packer: shop"
    "immutable-deploy:run" = var.immutable_deploy_run
  }

  tags = {
    "Name" = "shop"
  }
}

build {
  sources = ["source.amazon-ebs.shop"]

  provisioner "file" {
    source      = "${path.root}/../configuration"
    destination = "/tmp/"
  }

  provisioner "file" {
    source      = "${path.root}/app"
    destination = "/tmp/"
  }

  provisioner "shell" {
    scripts = [
      "${path.root}/../configuration/install.sh",
      "${path.root}/install.sh",
    ]
  }
}

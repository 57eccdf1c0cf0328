# The application on top of the base: nothing is installed from the network, so it is built in a minute or two.

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

# The base image. The action's input `base-image: application:octo/base` gives the newest one.
variable "source_ami" {
  type = string
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
  source_ami    = var.source_ami

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
    source      = "${path.root}/../../node-app/app"
    destination = "/tmp/"
  }

  provisioner "shell" {
    script = "${path.root}/install.sh"
  }
}

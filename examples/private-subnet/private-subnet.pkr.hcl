# A builder in a private subnet, without a public address or an open port: Packer connects through Session Manager.

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

# An instance profile whose role has AmazonSSMManagedInstanceCore.
variable "instance_profile" {
  type    = string
  default = "packer-builder"
}

# The subnet's tag Name; it needs a way to Systems Manager: a NAT gateway, or VPC endpoints for ssm, ssmmessages and
# ec2messages.
variable "subnet" {
  type    = string
  default = "private-*"
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

  ssh_interface               = "session_manager"
  iam_instance_profile        = var.instance_profile
  associate_public_ip_address = false
  # Packer reaches port 22 from the instance itself; nobody else has to.
  temporary_security_group_source_cidrs = ["127.0.0.1/32"]

  subnet_filter {
    most_free = true
    filters = {
      "tag:Name" = var.subnet
    }
  }

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
    source      = "${path.root}/../node-app/app"
    destination = "/tmp/"
  }

  provisioner "shell" {
    scripts = [
      "${path.root}/../configuration/install.sh",
      "${path.root}/../node-app/install.sh",
    ]
  }
}

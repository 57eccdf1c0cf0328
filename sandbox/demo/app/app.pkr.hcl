# The demo's image. Against AWS itself, `endpoint` and `boot` stay empty and a shell provisioner installs the application.

variable "immutable_deploy_commit" {
  type = string
}

variable "immutable_deploy_run" {
  type    = string
  default = ""
}

variable "source_ami" {
  type = string
}

variable "region" {
  type    = string
  default = "us-east-1"
}

variable "endpoint" {
  type    = string
  default = ""
}

# How instances of the image behave on the local AWS, such as never-healthy.
variable "boot" {
  type    = string
  default = ""
}

source "amazon-ebs" "shop" {
  region              = var.region
  custom_endpoint_ec2 = var.endpoint
  source_ami          = var.source_ami
  instance_type       = "t3.micro"
  communicator        = "none"
  ami_name            = "shop-${var.immutable_deploy_commit}"

  skip_region_validation      = true
  skip_metadata_api_check     = true
  associate_public_ip_address = true

  run_tags = {
    "immutable-deploy:run" = var.immutable_deploy_run
  }

  tags = {
    "Name"         = "shop"
    "sandbox:boot" = var.boot
  }
}

build {
  sources = ["source.amazon-ebs.shop"]
}

# Two sources built side by side, one of them for a second Region as well.

variable "endpoint" {
  type = string
}

variable "source_ami" {
  type = string
}

variable "immutable_deploy_commit" {
  type = string
}

source "amazon-ebs" "web" {
  region              = "us-east-1"
  custom_endpoint_ec2 = var.endpoint
  source_ami          = var.source_ami
  instance_type       = "t3.micro"
  communicator        = "none"

  skip_region_validation      = true
  skip_metadata_api_check     = true
  associate_public_ip_address = true
}

build {
  source "source.amazon-ebs.web" {
    name        = "blue"
    ami_name    = "blue-${var.immutable_deploy_commit}"
    ami_regions = ["eu-west-1"]
  }

  source "source.amazon-ebs.web" {
    name     = "green"
    ami_name = "green-${var.immutable_deploy_commit}"
  }
}

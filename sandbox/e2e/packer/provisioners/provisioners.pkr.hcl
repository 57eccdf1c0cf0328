# Every provisioner that people use, against an SSH server on loopback that stands for the builder instance.

variable "endpoint" {
  type = string
}

variable "source_ami" {
  type = string
}

variable "ssh_port" {
  type = number
}

# The home folder of the builder instance.
variable "home" {
  type = string
}

variable "license" {
  type      = string
  sensitive = true
}

# For Ansible's modules.
variable "python" {
  type = string
}

# How the last script ends.
variable "ends_with" {
  type    = number
  default = 0
}

variable "immutable_deploy_run" {
  type    = string
  default = ""
}

source "amazon-ebs" "shop" {
  region              = "us-east-1"
  custom_endpoint_ec2 = var.endpoint
  source_ami          = var.source_ami
  instance_type       = "t3.micro"
  ami_name            = "shop-provisioned"

  ssh_username = "ec2-user"
  ssh_host     = "127.0.0.1"
  ssh_port     = var.ssh_port

  skip_region_validation      = true
  skip_metadata_api_check     = true
  associate_public_ip_address = true

  run_tags        = { "immutable-deploy:run" = var.immutable_deploy_run }
  run_volume_tags = { "immutable-deploy:run" = var.immutable_deploy_run }
}

build {
  sources = ["source.amazon-ebs.shop"]

  provisioner "file" {
    source      = "${path.root}/shop.conf"
    destination = "${var.home}/shop.conf"
  }

  provisioner "shell" {
    inline        = ["echo \"license $LICENSE is used\"", "cat shop.conf > inline"]
    remote_folder = var.home
    environment_vars = [
      "LICENSE=${var.license}",
    ]
  }

  provisioner "ansible" {
    playbook_file   = "${path.root}/playbook.yml"
    use_proxy       = false
    extra_arguments = ["--extra-vars", "home=${var.home} ansible_python_interpreter=${var.python}"]
    ansible_env_vars = [
      "ANSIBLE_REMOTE_TMP=${var.home}/ansible",
      "ANSIBLE_NOCOLOR=1",
      # No connection is left behind.
      "ANSIBLE_SSH_ARGS=-o ControlMaster=no",
    ]
  }

  provisioner "shell" {
    script           = "${path.root}/finish.sh"
    remote_folder    = var.home
    environment_vars = ["ENDS_WITH=${var.ends_with}"]
  }

  post-processor "shell-local" {
    inline = ["echo the image is made"]
  }
}

"""Runs boto3's waiters to their ends against a local AWS in which an hour takes a second.

Arguments: the local AWS's URL, and the operations that it serves by service, as JSON.
"""

import json
import sys

import boto3

SOURCE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
SETTINGS = {
    "endpoint_url": sys.argv[1],
    "region_name": "us-east-1",
    "aws_access_key_id": "rehearsal",
    "aws_secret_access_key": "rehearsal",
}
ec2, elbv2, elb, ssm, cloudwatch = (
    boto3.client(name, **SETTINGS) for name in ("ec2", "elbv2", "elb", "ssm", "cloudwatch")
)
# There are no alarms of these kinds in the local AWS, and Spot requests are only described.
NOT_HERE = {
    "cloudwatch composite_alarm_exists",
    "cloudwatch log_alarm_exists",
    "ec2 spot_instance_request_fulfilled",
}
waited = set()


def wait(client, name, **arguments):
    client.get_waiter(name).wait(WaiterConfig={"Delay": 0.05, "MaxAttempts": 200}, **arguments)
    waited.add((client.meta.service_model.service_name, name))


def builder():
    image = ssm.get_parameter(Name=SOURCE)["Parameter"]["Value"]
    wait(ec2, "image_exists", ImageIds=[image])
    run = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    instance = run["Instances"][0]["InstanceId"]
    wait(ec2, "instance_exists", InstanceIds=[instance])
    wait(ec2, "instance_running", InstanceIds=[instance])
    wait(ec2, "instance_status_ok", InstanceIds=[instance])
    wait(ec2, "system_status_ok", InstanceIds=[instance])
    return instance


def command(instance):
    sent = ssm.send_command(
        InstanceIds=[instance], DocumentName="AWS-RunShellScript", Parameters={"commands": ["true"]}
    )
    wait(ssm, "command_executed", CommandId=sent["Command"]["CommandId"], InstanceId=instance)


def targets(instance):
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    wait(ec2, "vpc_exists", VpcIds=[vpc])
    wait(ec2, "vpc_available", VpcIds=[vpc])
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
    wait(ec2, "subnet_available", SubnetIds=subnets)
    created = elbv2.create_load_balancer(Name="web", Subnets=subnets)
    balancer = created["LoadBalancers"][0]["LoadBalancerArn"]
    wait(elbv2, "load_balancer_exists", LoadBalancerArns=[balancer])
    wait(elbv2, "load_balancer_available", LoadBalancerArns=[balancer])
    created = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)
    group = created["TargetGroups"][0]["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    elbv2.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)
    targets = [{"Id": instance}]
    elbv2.register_targets(TargetGroupArn=group, Targets=targets)
    wait(elbv2, "target_in_service", TargetGroupArn=group, Targets=targets)
    elbv2.deregister_targets(TargetGroupArn=group, Targets=targets)
    wait(elbv2, "target_deregistered", TargetGroupArn=group, Targets=targets)
    elbv2.delete_load_balancer(LoadBalancerArn=balancer)
    wait(elbv2, "load_balancers_deleted", LoadBalancerArns=[balancer])


def classic_targets(instance):
    listener = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}
    elb.create_load_balancer(
        LoadBalancerName="classic", Listeners=[listener], AvailabilityZones=["us-east-1a"]
    )
    arguments = {"LoadBalancerName": "classic", "Instances": [{"InstanceId": instance}]}
    elb.register_instances_with_load_balancer(**arguments)
    wait(elb, "any_instance_in_service", **arguments)
    wait(elb, "instance_in_service", **arguments)
    elb.deregister_instances_from_load_balancer(**arguments)
    wait(elb, "instance_deregistered", **arguments)


def build(instance):
    ec2.stop_instances(InstanceIds=[instance])
    wait(ec2, "instance_stopped", InstanceIds=[instance])
    image = ec2.create_image(InstanceId=instance, Name="shop")["ImageId"]
    wait(ec2, "image_available", ImageIds=[image])
    mappings = ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]
    wait(ec2, "snapshot_completed", SnapshotIds=[mappings[0]["Ebs"]["SnapshotId"]])
    report = ec2.create_image_usage_report(
        ImageId=image, ResourceTypes=[{"ResourceType": "ec2:Instance"}]
    )
    wait(ec2, "image_usage_report_available", ReportIds=[report["ReportId"]])


def volumes(instance):
    described = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    root = described["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    wait(ec2, "volume_in_use", VolumeIds=[root])
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=8)["VolumeId"]
    wait(ec2, "volume_available", VolumeIds=[volume])
    ec2.delete_volume(VolumeId=volume)
    wait(ec2, "volume_deleted", VolumeIds=[volume])


def names():
    ec2.create_key_pair(KeyName="builder")
    wait(ec2, "key_pair_exists", KeyNames=["builder"])
    group = ec2.create_security_group(GroupName="builder", Description="A builder's")["GroupId"]
    wait(ec2, "security_group_exists", GroupIds=[group])
    cloudwatch.put_metric_alarm(
        AlarmName="errors",
        Namespace="Shop",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    wait(cloudwatch, "alarm_exists", AlarmNames=["errors"])


def untried(served):
    """The waiters of operations that the local AWS serves, without those that were run."""
    for service, operations in served.items():
        client = boto3.client(service, **SETTINGS)
        for name in client.waiter_names:
            if client.get_waiter(name).config.operation in operations and (service, name) not in waited:
                yield f"{service} {name}"


instance = builder()
command(instance)
volumes(instance)
targets(instance)
classic_targets(instance)
build(instance)
ec2.terminate_instances(InstanceIds=[instance])
wait(ec2, "instance_terminated", InstanceIds=[instance])
names()
left = sorted(set(untried(json.loads(sys.argv[2]))) - NOT_HERE)
if left:
    sys.exit(f"Waiters that were not tried: {', '.join(left)}")
print(len(waited), "waiters")

"""What a client of earlier years does: images, groups and a refresh, and an alarm by the Query protocol."""

import sys

import botocore.session

session = botocore.session.get_session()
ec2, ssm, groups, cloudwatch = (
    session.create_client(
        name,
        endpoint_url=sys.argv[1],
        region_name="us-east-1",
        aws_access_key_id="rehearsal",
        aws_secret_access_key="rehearsal",
    )
    for name in ("ec2", "ssm", "autoscaling", "cloudwatch")
)
protocol = cloudwatch.meta.service_model.metadata["protocol"]
assert protocol == "query", protocol

source = ssm.get_parameter(
    Name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
)["Parameter"]["Value"]
run = ec2.run_instances(ImageId=source, InstanceType="t3.micro", MinCount=1, MaxCount=1)
instance = run["Instances"][0]["InstanceId"]
ec2.get_waiter("instance_running").wait(InstanceIds=[instance], WaiterConfig={"Delay": 1})
image = ec2.create_image(InstanceId=instance, Name="shop")["ImageId"]
ec2.get_waiter("image_available").wait(ImageIds=[image], WaiterConfig={"Delay": 1})
listed = ec2.describe_images(Owners=["self"])
assert [each["ImageId"] for each in listed["Images"]] == [image], listed

cloudwatch.put_metric_alarm(
    AlarmName="errors",
    Namespace="AWS/ApplicationELB",
    MetricName="HTTPCode_Target_5XX_Count",
    Dimensions=[{"Name": "LoadBalancer", "Value": "app/shop/0123456789abcdef"}],
    Statistic="Sum",
    Period=60,
    EvaluationPeriods=2,
    Threshold=2.5,
    ComparisonOperator="GreaterThanThreshold",
)
cloudwatch.set_alarm_state(AlarmName="errors", StateValue="OK", StateReason="by hand")
(alarm,) = cloudwatch.describe_alarms(AlarmNames=["errors"])["MetricAlarms"]
assert (alarm["StateValue"], alarm["Threshold"]) == ("OK", 2.5), alarm
assert alarm["Dimensions"][0]["Name"] == "LoadBalancer", alarm
try:
    cloudwatch.set_alarm_state(AlarmName="other", StateValue="OK", StateReason="by hand")
    raise AssertionError("There is no such alarm.")
except cloudwatch.exceptions.ResourceNotFound as error:
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404, error.response

for version, image_id in (("1", source), ("2", image)):
    data = {"ImageId": image_id, "InstanceType": "t3.micro"}
    if version == "1":
        ec2.create_launch_template(LaunchTemplateName="shop", LaunchTemplateData=data)
    else:
        ec2.create_launch_template_version(LaunchTemplateName="shop", LaunchTemplateData=data)
subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
groups.create_auto_scaling_group(
    AutoScalingGroupName="shop",
    LaunchTemplate={"LaunchTemplateName": "shop", "Version": "1"},
    MinSize=0,
    MaxSize=1,
    VPCZoneIdentifier=subnet,
)
(group,) = groups.describe_auto_scaling_groups(AutoScalingGroupNames=["shop"])["AutoScalingGroups"]
assert group["LaunchTemplate"]["Version"] == "1", group
preferences = {"MinHealthyPercentage": 90, "InstanceWarmup": 60}
refresh = groups.start_instance_refresh(AutoScalingGroupName="shop", Preferences=preferences)
(described,) = groups.describe_instance_refreshes(AutoScalingGroupName="shop")["InstanceRefreshes"]
assert described["InstanceRefreshId"] == refresh["InstanceRefreshId"], described
assert described["Status"] in ("Pending", "InProgress", "Successful"), described
print(f"botocore {botocore.__version__}")

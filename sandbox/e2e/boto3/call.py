"""Makes the calls that standard input asks for, one JSON document a line, and answers each with another.

A call is {"service", "operation", "input"}; its answer is {"answer": ...} or {"error": {"code", "status"}}.
"""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

clients = {}


def client(service):
    if service not in clients:
        clients[service] = boto3.client(
            service,
            endpoint_url=sys.argv[1],
            region_name="us-east-1",
            aws_access_key_id="rehearsal",
            aws_secret_access_key="rehearsal",
            config=Config(
                retries={"total_max_attempts": 1},
                # What is wrong in a request is for the service to say.
                parameter_validation=False,
            ),
        )
    return clients[service]


def perform(service, operation, input):
    methods = client(service).meta.method_to_api_mapping
    method = next(name for name, api in methods.items() if api == operation)
    try:
        answer = getattr(client(service), method)(**input)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return {"error": {"code": error.response["Error"]["Code"], "status": status}}
    except ResponseParserError:
        # A page for people instead of an answer.
        return {"error": {"code": "500", "status": 500}}
    answer.pop("ResponseMetadata", None)
    return {"answer": answer}


def plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


for line in sys.stdin:
    print(json.dumps(perform(**json.loads(line)), default=plain), flush=True)

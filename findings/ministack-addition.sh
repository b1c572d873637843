#!/usr/bin/env bash
# MiniStack: a number is stored with its 38 digits, but what ADD and SET compute has 28.
# DynamoDB computes with 38.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null && wait "$server" || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ministack==1.5.33 boto3==1.43.106
port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
export SERVICES=dynamodb BIND_HOST=127.0.0.1 GATEWAY_PORT=$port LOG_LEVEL=ERROR TMPDIR=$folder
"$folder/venv/bin/python" -m ministack &
server=$!
until curl --noproxy '*' --silent --output "$folder/health" "http://127.0.0.1:$port/_ministack/health"; do
    kill -0 $server
    sleep 0.2
done
PORT=$port "$folder/venv/bin/python" - <<'PYTHON'
import os
from importlib.metadata import version
import boto3

table = boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{os.environ['PORT']}", region_name="us-east-1",
                     aws_access_key_id="a", aws_secret_access_key="b")
table.create_table(TableName="rows", BillingMode="PAY_PER_REQUEST",
                   AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
                   KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}])
key = {"p": {"S": "row"}}
stored = "123456789012345678901234567890"
table.put_item(TableName="rows", Item={**key, "n": {"N": stored}})
read = table.get_item(TableName="rows", Key=key)["Item"]["n"]["N"]

def update(expression):
    return table.update_item(TableName="rows", Key=key, UpdateExpression=expression, ReturnValues="UPDATED_NEW",
                             ExpressionAttributeValues={":one": {"N": "1"}})["Attributes"]["n"]["N"]

added = update("ADD n :one")
table.put_item(TableName="rows", Item={**key, "n": {"N": stored}})
summed = update("SET n = n + :one")
print(f"MiniStack {version('ministack')}: stored {read}; ADD 1 makes {added}; SET n = n + 1 makes {summed}")
rounded = "123456789012345678901234567900"
raise SystemExit(0 if (read, added, summed) == (stored, rounded, rounded) else f"changed: not {rounded}")
PYTHON

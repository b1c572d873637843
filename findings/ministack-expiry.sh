#!/usr/bin/env bash
# MiniStack: an expired row is deleted within a minute, by the clock of the machine. dynoxide and moto keep it
# for good, DynamoDB for up to days. Tests with a clock of their own lose rows once their dates are past.
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
import os, time
from importlib.metadata import version
import boto3

table = boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{os.environ['PORT']}", region_name="us-east-1",
                     aws_access_key_id="a", aws_secret_access_key="b")
table.create_table(TableName="rows", BillingMode="PAY_PER_REQUEST",
                   AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}],
                   KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}])
table.update_time_to_live(TableName="rows", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
key = {"p": {"S": "row"}}
# DynamoDB's documentation: a row that expired more than five years ago is not deleted.
past = int(time.time()) - 10 * 365 * 86_400
table.put_item(TableName="rows", Item={**key, "expires": {"N": str(past)}})
started = time.monotonic()
while time.monotonic() - started < 75 and "Item" in table.get_item(TableName="rows", Key=key):
    time.sleep(1)
is_there = "Item" in table.get_item(TableName="rows", Key=key)
print(f"MiniStack {version('ministack')}: the row that expired ten years ago is "
      f"{'there' if is_there else 'gone'} after {time.monotonic() - started:.0f} s")
raise SystemExit("changed: it is kept" if is_there else 0)
PYTHON

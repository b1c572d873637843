#!/usr/bin/env bash
# moto: a transaction that is cancelled puts back a copy of the whole table, and with it undoes writes of others that
# were answered 200 in the meantime. DynamoDB undoes nothing but the transaction's own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'moto[server]==5.2.5' boto3==1.43.106
"$folder/venv/bin/python" - <<'PYTHON'
import logging, threading
from importlib.metadata import version
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
table = boto3.client("dynamodb", endpoint_url=f"http://{host}:{port}", region_name="us-east-1",
                     aws_access_key_id="a", aws_secret_access_key="b", config=Config(retries={"total_max_attempts": 1}))
table.create_table(TableName="t", BillingMode="PAY_PER_REQUEST",
                   AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("p", "s")],
                   KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}])

def item(partition, sort):
    return {"p": {"S": partition}, "s": {"S": f"{sort}"}}

table.put_item(TableName="t", Item=item("other", "first"))
for first in range(0, 5000, 25):
    rows = [{"PutRequest": {"Item": item("many", number)}} for number in range(first, first + 25)]
    table.batch_write_item(RequestItems={"t": rows})

def cancelled():
    try:
        table.transact_write_items(TransactItems=[{"Put": {
            "TableName": "t", "Item": item("many", 0), "ConditionExpression": "attribute_not_exists(p)"}}])
    except ClientError as error:
        print(error.response["Error"]["Message"])

transaction = threading.Thread(target=cancelled)
transaction.start()
answered = []
while transaction.is_alive():
    table.put_item(TableName="t", Item=item("other", len(answered)))
    answered.append(len(answered))
gone = [number for number in answered
        if "Item" not in table.get_item(TableName="t", Key=item("other", number), ConsistentRead=True)]
print(f"moto {version('moto')}: {len(answered)} rows of another partition put and answered 200 meanwhile, {len(gone)} gone")
server.stop()
raise SystemExit(0 if gone else "changed: every row is there")
PYTHON

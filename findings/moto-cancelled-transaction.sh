#!/usr/bin/env bash
# moto: a transaction that is cancelled puts back a copy of the whole table. Writes of others that were
# answered 200 in the meantime are gone. On DynamoDB a cancelled transaction touches nothing.
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
table.create_table(TableName="rows", BillingMode="PAY_PER_REQUEST",
                   AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("p", "s")],
                   KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}])

def item(partition, sort):
    return {"p": {"S": partition}, "s": {"S": f"{sort}"}}

table.put_item(TableName="rows", Item=item("other", "first"))
for first in range(0, 5000, 25):
    rows = [{"PutRequest": {"Item": item("many", number)}} for number in range(first, first + 25)]
    table.batch_write_item(RequestItems={"rows": rows})

def cancelled():
    try:
        table.transact_write_items(TransactItems=[{"Put": {
            "TableName": "rows", "Item": item("many", 0), "ConditionExpression": "attribute_not_exists(p)"}}])
    except ClientError as error:
        print(error.response["Error"]["Message"])

answered = gone = 0
for turn in range(5):
    transaction = threading.Thread(target=cancelled)
    transaction.start()
    others = []
    while transaction.is_alive():
        others.append(item("other", f"{turn} {len(others)}"))
        table.put_item(TableName="rows", Item=others[-1])
    answered += len(others)
    gone += sum("Item" not in table.get_item(TableName="rows", Key=key, ConsistentRead=True) for key in others)
print(f"moto {version('moto')}: {answered} rows of another partition put and answered 200 meanwhile, {gone} gone")
server.stop()
raise SystemExit(0 if gone else "changed: every row is there")
PYTHON

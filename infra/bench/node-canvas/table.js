// The reads of our canvas: one batch, then two queries per person at the same time.

import { BatchGetItemCommand, DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { hash } from "./identity.js";

const TableName = process.env.TABLE_NAME;
const client = new DynamoDBClient({});

// The workspace's connection, which kinds of aliases are known, and the people that they lead to.
export async function findContact(workspace, organization, aliases) {
  const names = aliases.map((alias) => [alias[0], `ORG#${organization}#ALIAS#${alias[0]}#${hash(organization, alias)}`]);
  const connectionKey = `WORKSPACE#${workspace}`;
  const Keys = [[connectionKey, "CONNECTION"], ...names.map(([, key]) => [key, "ALIAS"])];
  const answer = await client.send(
    new BatchGetItemCommand({
      RequestItems: { [TableName]: { Keys: Keys.map(([PK, SK]) => ({ PK: { S: PK }, SK: { S: SK } })) } },
    }),
  );
  const rows = new Map(answer.Responses[TableName].map((row) => [row.PK.S, row]));
  const known = names.filter(([, key]) => rows.has(key));
  return {
    connection: rows.get(connectionKey),
    kinds: known.map(([kind]) => kind),
    people: [...new Set(known.flatMap(([, key]) => rows.get(key).people.SS))],
  };
}

// At most `limit` sessions of these people, newest first; with `before`, only those that had started before
// that time.
export async function newestSessions(organization, people, limit, before) {
  const pages = await Promise.all(people.map((person) => query(`ORG#${organization}#PERSON#${person}`, limit, before)));
  const rows = pages.flat().sort((a, b) => Number(b.sort_at.N) - Number(a.sort_at.N));
  return rows.slice(0, limit).map((row) => ({
    id: row.session.S,
    cursor: `${row.sort_at.N}:${row.session.S}`,
    summary: JSON.parse(row.summary.S),
  }));
}

async function query(partition, Limit, before) {
  const start = before && { PK: { S: partition }, SK: { S: `SESSION#${String(before).padStart(15, "0")}` } };
  const answer = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "PK = :partition AND begins_with(SK, :prefix)",
      FilterExpression: "expires > :now",
      ExpressionAttributeValues: {
        ":partition": { S: partition },
        ":prefix": { S: "SESSION#" },
        ":now": { N: String(Math.floor(Date.now() / 1000)) },
      },
      ScanIndexForward: false,
      Limit,
      ExclusiveStartKey: start,
    }),
  );
  return answer.Items;
}

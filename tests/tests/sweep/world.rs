//! What the product stands on: a table, a bucket, queues, a clock and an Intercom, all of which can be put
//! back to what they were.

use std::convert::Infallible;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use intercom::fake::FakeIntercom;
use intercom::{Hosts, HttpsUrl, rest};
use jiff::Timestamp;
use jiff::civil::date;
use mirror::Mirror;
use notification::TopicQueues;
use object_store::memory::InMemory;
use outbox::Outbox;
use platform::clock::Clock;
use platform::queue::Queue;
use platform::secrets::LiveSecrets;
use store::{Recordings, Store};
use test_support::{Faults, FaultyBucket, FaultyQueue, TABLE, TestStack};

use crate::door::HOST;
use crate::intercom::acme;
use crate::lines::{Line, Lines};
use crate::snapshot::{self, Snapshot};

/// When the journey begins: 2026-11-20T10:15:00Z.
pub(crate) const START: Timestamp = Timestamp::constant(1_795_169_700, 0);

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) recordings: Recordings,
    pub(crate) secrets: LiveSecrets,
    pub(crate) intercom: rest::Client,
    pub(crate) hosts: Hosts,
    /// Who answers the client.
    pub(crate) fake: FakeIntercom,
    pub(crate) clock: Clock,
    pub(crate) lines: Lines,
    /// What is to go wrong on the way to the table, to the bucket and to the queues.
    pub(crate) faults: Faults,
    table: Client,
    bucket: Arc<InMemory>,
}

impl World {
    /// An empty one.
    pub(crate) async fn new() -> Self {
        assert_eq!(
            START.to_zoned(jiff::tz::TimeZone::UTC).date(),
            date(2026, 11, 20)
        );
        let database = test_support::hasty_dynamodb().await;
        let below = TestStack::with_table(database, &START.to_string()).await;
        let (table, clock) = (below.table.clone(), below.clock.clone());
        let faults = below.calls.faults().clone();
        let (store, bucket) = (below.store.clone(), below.bucket.clone());
        let faulty = FaultyBucket::new(Arc::clone(&bucket), faults.clone());
        let fake = acme(clock.clone());
        let url = fake.serve().await.unwrap();
        let hosts = Hosts::new(Some(url.clone()), Some(url)).unwrap();
        Self {
            recordings: Recordings::new(store.clone(), Arc::new(faulty)),
            store,
            secrets: test_support::secrets(),
            intercom: rest::Client::new(hosts.clone()),
            hosts,
            fake,
            clock,
            lines: Lines::default(),
            faults,
            table,
            bucket,
        }
    }

    /// Where work is left for a function.
    pub(crate) fn queue(&self, line: Line) -> Arc<dyn Queue> {
        let queue = self.lines.sender(line, &self.clock);
        Arc::new(FaultyQueue::new(queue, self.faults.clone()))
    }

    /// What Intercom is to be told.
    pub(crate) fn outbox(&self) -> Outbox {
        Outbox::new(&self.table, TABLE, test_support::master_key())
    }

    /// What it has said.
    pub(crate) fn mirror(&self) -> Mirror {
        Mirror::new(&self.table, TABLE, test_support::master_key())
    }

    pub(crate) fn topics(&self) -> TopicQueues {
        let open = |worker| Ok::<_, Infallible>(self.queue(Line::Topic(worker)));
        TopicQueues::open(open).unwrap()
    }

    /// Where all pages are.
    pub(crate) fn host(&self) -> HttpsUrl {
        HttpsUrl::parse(&format!("https://{HOST}")).unwrap()
    }

    pub(crate) async fn snapshot(&self) -> Snapshot {
        Snapshot {
            now: self.clock.now(),
            rows: snapshot::rows(&self.table, TABLE).await,
            objects: snapshot::objects(&self.bucket).await,
            messages: self.lines.messages(),
            intercom: self.fake.snapshot(),
        }
    }

    /// Makes everything as it was then. `there`: as it is now.
    pub(crate) async fn put_back(&self, there: &Snapshot, wanted: &Snapshot) {
        self.faults.clear();
        self.clock
            .advance(wanted.now.duration_since(self.clock.now()));
        self.lines.put_back(&wanted.messages);
        self.fake.put_back(&wanted.intercom);
        snapshot::put_rows_back(&self.table, TABLE, &there.rows, &wanted.rows).await;
        snapshot::put_objects_back(&self.bucket, &there.objects, &wanted.objects).await;
        self.faults.take_writes();
    }
}

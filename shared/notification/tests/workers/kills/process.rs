//! What is killed: the functions, over a table and queues in files.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use identity::{OrganizationId, WorkspaceId};
use intercom::Hosts;
use intercom::signature::{ClientSecret, HUB_SIGNATURE_HEADER, sign_hub};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use lambda_http::http::Method;
use lambda_http::{Body, Request};
use notification::{TopicQueues, Worker};
use platform::clock::Clock;
use platform::queue::dispatch::{drain, drain_dead_letters};
use platform::queue::{LocalQueue, Queue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::functions::{CLIENT_SECRET, NOW, connect, handle, state};
use crate::table::{TABLE, facts};

use super::life::{life, processed};

/// What everything has come to in the end.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// Rows of the table, but for those of parked notifications, which say when that was.
    pub(crate) facts: BTreeSet<String>,
    /// Notifications parked.
    pub(crate) parked: usize,
}

impl Outcome {
    pub(crate) fn read(folder: &Path) -> Self {
        serde_json::from_slice(&fs::read(folder.join("outcome")).unwrap()).unwrap()
    }

    fn write(&self, folder: &Path) {
        fs::write(folder.join("outcome"), serde_json::to_vec(self).unwrap()).unwrap();
    }
}

/// The process: takes what Intercom sends that was not answered before, processes all there is, and writes
/// down what it has come to. By itself it is a life without a kill, in a folder of its own.
#[tokio::test]
async fn all_that_intercom_sends_is_processed_or_parked() {
    let own = tempfile::tempdir().unwrap();
    let told = std::env::var_os("KILL_TEST_FOLDER").map(PathBuf::from);
    kill_where_told();
    let functions = Functions::start(told.unwrap_or_else(|| own.path().to_owned())).await;
    for notification in life() {
        functions.send(&notification).await;
    }
    functions.settle().await;
    let outcome = functions.outcome().await;
    // Each is counted once it is done: whoever is killed in between does not come to it.
    let counted = functions.counted().await;
    assert!(counted <= processed(), "{counted}");
    assert!(restarts() > 0 || counted == processed(), "{counted}");
    assert_eq!(outcome.parked, 1);
    outcome.write(&functions.folder);
}

/// Ends the process where `KILL_TEST_AT` says: at a step, when it is taken for the nth time.
fn kill_where_told() {
    let Ok(told) = std::env::var("KILL_TEST_AT") else {
        return;
    };
    let (step, time) = told.split_once(' ').unwrap();
    let (time, taken) = (time.parse::<usize>().unwrap(), AtomicUsize::new(0));
    let kill = move || {
        if taken.fetch_add(1, Ordering::Relaxed) + 1 == time {
            std::process::abort();
        }
    };
    fail::cfg_callback(step, kill).unwrap();
}

/// How often the process was started before.
fn restarts() -> i64 {
    std::env::var("KILL_TEST_RESTARTS").map_or(0, |times| times.parse().unwrap())
}

struct Functions {
    folder: PathBuf,
    clock: Clock,
    state: notification::State,
    verify: verify_webhook::State,
    park: park_notification::State,
    queues: Vec<(Worker, Arc<LocalQueue>)>,
    client: aws_sdk_dynamodb::Client,
}

impl Functions {
    async fn start(folder: PathBuf) -> Self {
        let start = NOW.parse::<jiff::Timestamp>().unwrap();
        let clock = Clock::fixed(start);
        let (client, _) = test_support::dynamodb_in(&folder.join("table")).await;
        store::create_table(&client, TABLE).await.unwrap();
        let state = state(client.clone(), Hosts::default(), clock.clone());
        let organization = OrganizationId::of_first_workspace(&acme());
        connect(&state, acme(), &organization).await;
        // A later start is an hour later: what was in somebody's hands is delivered again.
        clock.advance(SignedDuration::from_hours(restarts()));
        let open = |worker: Worker| {
            let path = folder.join(worker.function_name());
            (
                worker,
                Arc::new(LocalQueue::open(&path, clock.clone()).unwrap()),
            )
        };
        let queues: Vec<_> = Worker::ALL.into_iter().map(open).collect();
        let topics = TopicQueues::open(|worker| {
            let queue: Arc<dyn Queue> = queues[worker as usize].1.clone();
            Ok::<_, std::convert::Infallible>(queue)
        });
        let topics = topics.unwrap();
        Self {
            verify: verify_webhook::State {
                secrets: state.secrets.clone(),
                queues: topics.clone(),
                clock: clock.clone(),
            },
            park: park_notification::State {
                store: state.store.clone(),
                queues: topics,
                watched: Vec::new(),
                clock: clock.clone(),
            },
            folder,
            clock,
            state,
            queues,
            client,
        }
    }

    /// Sends a notification as Intercom does, unless it was answered 200 before.
    async fn send(&self, notification: &Value) {
        let id = notification["id"].as_str().unwrap();
        let answered = self.folder.join("answered");
        let before = fs::read_to_string(&answered).unwrap_or_default();
        if before.lines().any(|line| line == id) {
            return;
        }
        let body = notification.to_string().into_bytes();
        let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
        let signature = sign_hub(&secret, &body).parse().unwrap();
        let mut request = Request::new(Body::Binary(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = "/webhooks".parse().unwrap();
        request
            .headers_mut()
            .insert(HUB_SIGNATURE_HEADER, signature);
        let answer = verify_webhook::handle(&self.verify, request).await;
        assert_eq!(answer.status().as_u16(), 200);
        let mut answered = OpenOptions::new()
            .create(true)
            .append(true)
            .open(answered)
            .unwrap();
        writeln!(answered, "{id}").unwrap();
    }

    /// Processes and parks until nothing is left.
    async fn settle(&self) {
        loop {
            for (worker, queue) in &self.queues {
                drain(queue, |event| handle(*worker, &self.state, event))
                    .await
                    .unwrap();
                let park = |event| park_notification::park(&self.park, event);
                drain_dead_letters(queue, park).await.unwrap();
            }
            let next = self
                .queues
                .iter()
                .filter_map(|(_, queue)| queue.next_visible_at().unwrap());
            let parked = self
                .queues
                .iter()
                .all(|(_, queue)| queue.dead_letters().unwrap().is_empty());
            match next.min() {
                None if parked => return,
                // Dead letters in the hands of a process that is no more.
                None => self.clock.advance(SignedDuration::from_mins(1)),
                Some(next) => {
                    let left = next.duration_since(self.clock.now());
                    self.clock.advance(left.max(SignedDuration::from_secs(1)));
                }
            }
        }
    }

    /// Notifications counted.
    async fn counted(&self) -> u64 {
        let organization = OrganizationId::of_first_workspace(&acme());
        let today = self.clock.now().to_zoned(TimeZone::UTC).date();
        let counts = self
            .state
            .store
            .of(&organization)
            .sessions()
            .day_counts(today)
            .await;
        counts.unwrap().notifications
    }

    async fn outcome(&self) -> Outcome {
        let (store, now) = (&self.state.store, self.clock.now());
        let parked = store
            .notifications()
            .parked(&acme(), None, 10, now)
            .await
            .unwrap();
        let mut facts = facts(&self.client).await;
        facts.retain(|row| !row.contains(r#""SK":"PARKED#"#) && !row.contains(r#""SK":"PIECE#"#));
        Outcome {
            facts,
            parked: parked.len(),
        }
    }
}

fn acme() -> WorkspaceId {
    WorkspaceId::parse("acme").unwrap()
}

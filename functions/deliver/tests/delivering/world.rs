//! An organization with a workspace at the fake Intercom, a source, and the worker.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_lambda_events::event::sqs::SqsEvent;
use deliver::State;
use identity::{OrganizationId, SourceId, WorkspaceId};
use intercom::fake::{Directory, FakeContact, Options, Role, Standing};
use intercom::rest::Client;
use jiff::{SignedDuration, Timestamp};
use outbox::{Accepted, Delivery, EventType, Keys, Outbox, Outcome, Trust};
use platform::queue::{Queue, dispatch};
use serde_json::{Value, json};
use store::{Source, SourceKind};
use tasks::DeliverTask;
use test_support::{QueueName, TABLE, TestStack, master_key, new_connection, secrets};
use tracking::{Entry, Envelope};

pub(crate) const WORKSPACE: &str = "acme";

pub(crate) struct World {
    pub(crate) stack: TestStack,
    pub(crate) state: State,
    pub(crate) outbox: Outbox,
    pub(crate) organization: OrganizationId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) source: SourceId,
    /// Messages that the worker has taken.
    pub(crate) taken: AtomicUsize,
}

/// A track of somebody.
pub(crate) fn track(message: &str, user: &str, name: &str, at: &str) -> Value {
    json!({"type": "track", "messageId": message, "userId": user, "event": name, "timestamp": at})
}

/// An identify of somebody.
pub(crate) fn identify(message: &str, user: &str, traits: Value, at: &str) -> Value {
    json!({"type": "identify", "messageId": message, "userId": user, "traits": traits, "timestamp": at})
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(|options| options).await
    }

    pub(crate) async fn with(change: impl FnOnce(Options) -> Options) -> Self {
        let stack = TestStack::start().await.with_intercom(change);
        let connection = stack.connect(&new_connection(WORKSPACE, "Acme")).await;
        let outbox = Outbox::new(&stack.table, TABLE, master_key());
        let world = Self {
            state: Self::state(&stack, &outbox).await,
            outbox,
            organization: connection.organization,
            workspace: connection.workspace,
            source: SourceId::parse("src_backend").unwrap(),
            stack,
            taken: AtomicUsize::new(0),
        };
        world.settings(json!({})).await;
        world
    }

    /// A worker that has just started.
    pub(crate) async fn state(stack: &TestStack, outbox: &Outbox) -> State {
        State::new(
            (stack.store.clone(), outbox.clone()),
            secrets(),
            Client::with_limits(stack.hosts().await, deliver::LIMITS),
            stack.queues.get(QueueName::Deliver),
            stack.clock.clone(),
        )
    }

    /// Gives the source these settings.
    pub(crate) async fn settings(&self, settings: Value) {
        let sources = self.stack.store.of(&self.organization).sources();
        let source = Source {
            id: self.source.clone(),
            name: "Backend".to_owned(),
            kind: SourceKind::Server,
            workspace: Some(self.workspace.clone()),
            settings: settings.clone(),
            created_at: Some(self.stack.now()),
        };
        if !sources.create(&source).await.unwrap() {
            let choices = store::SourceChoices {
                name: source.name,
                workspace: source.workspace,
                settings,
            };
            sources.update(&self.source, choices).await.unwrap();
        }
    }

    /// Takes events as `collect` does.
    pub(crate) async fn send(&self, events: &[Value]) {
        self.send_as(Trust::Verified, events).await;
    }

    pub(crate) async fn send_as(&self, trust: Trust, events: &[Value]) {
        let now = self.stack.now();
        let body = json!({ "batch": events }).to_string();
        let envelope = Envelope {
            call: None,
            received_at: now,
        };
        let batch = tracking::read(body.as_bytes(), envelope).unwrap();
        let outbox = self.outbox.of(&self.organization);
        let taken: Vec<_> = batch
            .entries
            .into_iter()
            .map(|entry| match entry {
                Entry::Event(event) => {
                    let lane = outbox.lane(&Keys {
                        user_id: event.user_id.as_deref(),
                        email: event.email.as_deref(),
                        anonymous_id: event.anonymous_id.as_deref(),
                        message_id: &event.message_id,
                    });
                    let body = event.to_stored();
                    (event, lane, body)
                }
                Entry::Refused { reason, .. } => panic!("refused: {reason}"),
            })
            .collect();
        let accepted: Vec<_> = taken
            .iter()
            .map(|(event, lane, body)| Accepted {
                source: &self.source,
                trust,
                event_type: EventType::from_name(event.call.name()).unwrap(),
                message_id: &event.message_id,
                lane,
                timestamp: event.timestamp,
                body,
            })
            .collect();
        let lanes = outbox
            .accept(&self.workspace, &accepted, now)
            .await
            .unwrap();
        let lanes: Vec<_> = lanes
            .into_iter()
            .map(|lane| (self.workspace.clone(), lane))
            .collect();
        self.tell_worker(&lanes).await;
    }

    /// Sends lanes to the worker.
    pub(crate) async fn tell_worker(&self, lanes: &[(WorkspaceId, outbox::Lane)]) {
        let queue = self.stack.queues.get(QueueName::Deliver);
        for (workspace, lane) in lanes {
            let task = DeliverTask::new(&self.organization, workspace, lane);
            queue.send(task.to_body(), Duration::ZERO).await.unwrap();
        }
    }

    /// Works on what is on the queue now, and nothing that comes later.
    pub(crate) async fn work(&self) {
        let queue = self.stack.queues.get(QueueName::Deliver);
        let work = |event: SqsEvent| {
            self.taken.fetch_add(event.records.len(), Ordering::Relaxed);
            deliver::handle(&self.state, event)
        };
        dispatch::drain(&queue, work).await.unwrap();
    }

    /// Lets so much time pass, while the worker works and looks at what is due.
    pub(crate) async fn pass(&self, time: SignedDuration) {
        let end = self.stack.now() + time;
        loop {
            self.work().await;
            deliver::schedule(&self.state).await.unwrap();
            self.work().await;
            let now = self.stack.now();
            if now >= end {
                return;
            }
            let queue = self.stack.queues.get(QueueName::Deliver);
            let next = queue.next_visible_at().unwrap();
            let minute = now + SignedDuration::from_mins(1);
            let next = next.unwrap_or(minute).min(minute).min(end);
            let second = SignedDuration::from_secs(1);
            self.stack
                .clock
                .advance(next.duration_since(now).max(second));
        }
    }

    /// Works until nothing is left on the queue, however long that takes.
    pub(crate) async fn settle(&self) {
        for _ in 0..500 {
            self.pass(SignedDuration::from_secs(1)).await;
            let queue = self.stack.queues.get(QueueName::Deliver);
            let Some(next) = queue.next_visible_at().unwrap() else {
                return;
            };
            let wait = next.duration_since(self.stack.now());
            self.stack.clock.advance(wait.max(SignedDuration::ZERO));
        }
        panic!("there is always something left to do");
    }

    /// Everything that Intercom knows of the workspace.
    pub(crate) fn intercom<T>(&self, look: impl FnOnce(&Directory) -> T) -> T {
        self.stack.intercom.read(WORKSPACE, look).unwrap()
    }

    /// Adds somebody at Intercom whom nobody has told us of.
    pub(crate) fn add_contact(&self, id: &str, role: Role, change: impl FnOnce(&mut FakeContact)) {
        let mut contact = FakeContact::new(id.to_owned(), role, self.stack.now());
        change(&mut contact);
        let added = self
            .stack
            .intercom
            .write(WORKSPACE, |directory| directory.add_contact(contact));
        added.unwrap();
    }

    /// Everybody at Intercom: external id or e-mail address, and what they did, sorted.
    pub(crate) fn people(&self) -> BTreeMap<String, Vec<String>> {
        self.intercom(|directory| {
            let mut people: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for contact in directory.contacts() {
                let name = contact
                    .external_id
                    .clone()
                    .or_else(|| contact.email.clone());
                let mut events: Vec<_> = directory
                    .events_of(&contact.id)
                    .map(|event| event.name.clone())
                    .collect();
                events.sort();
                let before = people.insert(name.clone().unwrap_or_default(), events);
                assert!(before.is_none(), "{name:?} is there twice");
            }
            people
        })
    }

    /// The only contact at Intercom.
    pub(crate) fn only_contact(&self) -> FakeContact {
        self.intercom(|directory| {
            let mut contacts = directory.contacts();
            contacts.retain(|contact| contact.standing != Standing::Deleted);
            assert_eq!(contacts.len(), 1, "{contacts:?}");
            contacts[0].clone()
        })
    }

    pub(crate) async fn delivery(&self, message: &str) -> Delivery {
        let outbox = self.outbox.of(&self.organization);
        let found = outbox
            .deliveries()
            .get(message, self.stack.now())
            .await
            .unwrap();
        found.into_iter().next().expect("it is known")
    }

    pub(crate) async fn outcome(&self, message: &str) -> (Outcome, Option<String>) {
        let delivery = self.delivery(message).await;
        (delivery.outcome, delivery.reason)
    }

    pub(crate) async fn assert_sent(&self, messages: &[&str]) {
        for message in messages {
            let outcome = self.outcome(message).await;
            assert_eq!(outcome, (Outcome::Sent, None), "{message}");
        }
    }

    pub(crate) fn seconds(text: &str) -> Timestamp {
        text.parse().unwrap()
    }
}

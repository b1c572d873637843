//! Whatever Intercom tells, in whatever order and however often, the mirror is in the end what Intercom has.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use fastrand::Rng;
use identity::{OrganizationId, WorkspaceId};
use intercom::fake::{
    Author, Change, ConversationChange, Directory, FakeCompany, FakeContact, FakeConversation,
    FakeEvent, FakeIntercom, FakeState, FakeTag, Message, Notification, Options, Role, Standing,
    Workspace,
};
use intercom::rest::Metadata;
use intercom::signature::ClientSecret;
use intercom::webhook::MirroredTopic;
use jiff::{SignedDuration, Timestamp};
use mirror::{Choices, ConversationState, EventQuery, Mirror, WorkspaceMirror};
use platform::clock::Clock;
use serde_json::Value;
use test_support::{CLIENT_ID, CLIENT_SECRET, TABLE, TOKEN, master_key};

use crate::functions::NOW;
use crate::stack::Stack;

const WORKSPACE: &str = "acme";

/// An Intercom whose workspace is mirrored.
struct World {
    intercom: FakeIntercom,
    clock: Clock,
    stack: Stack,
    mirror: Mirror,
    organization: OrganizationId,
    workspace: WorkspaceId,
    sent: u64,
}

impl World {
    async fn start(choices: &Choices) -> Self {
        let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
        let clock = Clock::fixed(NOW.parse().unwrap());
        let there = clock.clone();
        let options = Options::new(CLIENT_ID, secret).with_clock(move || there.now());
        let intercom = FakeIntercom::new(options);
        intercom.add(Workspace::new(WORKSPACE, "Shop"), Directory::default());
        intercom.grant(WORKSPACE, TOKEN);
        let stack = Stack::with_intercom(&intercom).await;
        let organization = stack.authorize(WORKSPACE).await;
        let world = Self {
            mirror: Mirror::new(&stack.client, TABLE, master_key()),
            intercom,
            clock,
            stack,
            organization,
            workspace: WorkspaceId::parse(WORKSPACE).unwrap(),
            sent: 0,
        };
        world.mirrored().choose(choices).await.unwrap();
        world
    }

    fn mirrored(&self) -> WorkspaceMirror<'_> {
        self.mirror.of(&self.organization, &self.workspace)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn later(&self, seconds: i64) {
        let passed = SignedDuration::from_secs(seconds);
        self.clock.advance(passed);
        self.stack.state.clock.advance(passed);
    }

    fn write<T>(&self, change: impl FnOnce(&mut Directory) -> T) -> T {
        self.intercom.write(WORKSPACE, change).unwrap()
    }

    fn read<T>(&self, look: impl FnOnce(&Directory) -> T) -> T {
        self.intercom.read(WORKSPACE, look).unwrap()
    }

    /// As it is sent, with an id of its own.
    fn envelope(&mut self, notification: &Notification) -> Value {
        self.sent += 1;
        notification.envelope(u128::from(self.sent).to_be_bytes())
    }

    async fn tell(&mut self, notification: &Notification) {
        let envelope = self.envelope(notification);
        self.stack.deliver(&[envelope]).await;
    }

    fn company(&self, id: &str) -> FakeCompany {
        self.read(|directory| {
            let mut companies = directory.companies().iter();
            companies.find(|company| company.id == id).unwrap().clone()
        })
    }

    fn contact(&self, id: &str) -> FakeContact {
        self.read(|directory| directory.contact(id).unwrap().clone())
    }

    /// What Intercom tells of a company.
    fn of_company(&self, topic: &'static str, id: &str) -> Notification {
        let users = self.read(|directory| directory.people_of(id));
        Notification::company(WORKSPACE, topic, &self.company(id), users, self.now())
    }

    fn add_company(&self, id: &str) -> Notification {
        let company = FakeCompany::new(id.to_owned(), format!("own-{id}"), self.now());
        self.write(|directory| directory.add_company(company));
        self.of_company("company.created", id)
    }

    fn add_user(&self, id: &str, companies: &[&str]) -> Notification {
        let contact = FakeContact {
            name: Some(format!("User {id}")),
            external_id: Some(format!("u-{id}")),
            companies: companies.iter().map(|id| (*id).to_owned()).collect(),
            ..FakeContact::new(id.to_owned(), Role::User, self.now())
        };
        self.write(|directory| directory.add_contact(contact.clone()));
        Notification::about(WORKSPACE, "contact.user.created", &contact, self.now())
    }

    fn begin(&self, id: &str, contact: &str) -> Notification {
        let conversation = FakeConversation {
            messages: vec![Message {
                from: Author::Contact,
                text: format!("How does {id} work?"),
                at: self.now(),
            }],
            ..FakeConversation::new(id.to_owned(), self.contact(contact))
        };
        self.write(|directory| directory.add_conversation(conversation.clone()));
        Notification::begun(WORKSPACE, &conversation)
    }

    fn converse(&self, id: &str, change: ConversationChange) -> Notification {
        let changed = self.intercom.change_conversation(WORKSPACE, id, change);
        changed.unwrap()
    }

    /// Bodies of a conversation's parts, as the mirror has them.
    async fn said(&self, id: &str) -> Vec<String> {
        let mirrored = self.mirrored();
        let parts = mirrored
            .conversations()
            .parts(id, self.now())
            .await
            .unwrap();
        parts.into_iter().filter_map(|part| part.body).collect()
    }

    /// What differs between Intercom and the mirror.
    async fn differences(&self) -> Vec<String> {
        let (mirrored, now) = (self.mirrored(), self.now());
        let mut wrong = Vec::new();
        let mut differ = |what: String, ours: String, theirs: String| {
            if ours != theirs {
                wrong.push(format!("{what}: {ours} here, {theirs} there"));
            }
        };
        let (companies, contacts, conversations) = self.read(|directory| {
            let contacts = directory.contacts().into_iter().cloned();
            (
                directory.companies().to_vec(),
                contacts.collect::<Vec<_>>(),
                directory.conversations().to_vec(),
            )
        });
        let there: BTreeSet<_> = companies.iter().map(|company| company.id.clone()).collect();
        let listed = mirrored.companies().list(now).await.unwrap();
        let ours = listed
            .into_iter()
            .map(|listed| (listed.company.id, listed.company.name));
        let theirs = companies
            .iter()
            .map(|company| (company.id.clone(), company.name.clone()));
        let (ours, theirs): (BTreeMap<_, _>, BTreeMap<_, _>) = (ours.collect(), theirs.collect());
        differ(
            "companies".into(),
            format!("{ours:?}"),
            format!("{theirs:?}"),
        );
        for contact in &contacts {
            let companies: BTreeSet<_> = contact.companies.iter().cloned().collect();
            let companies: BTreeSet<_> = companies.intersection(&there).cloned().collect();
            let is_there = contact.standing == Standing::Present && !companies.is_empty();
            let theirs = is_there.then(|| {
                let tags: BTreeSet<_> = contact.tags.iter().cloned().collect();
                let wants_none = contact.unsubscribed_from_emails;
                (
                    contact.name.clone(),
                    contact.email.clone(),
                    tags,
                    wants_none,
                    companies,
                )
            });
            let mut ours = None;
            if let Some(found) = mirrored.contacts().get(&contact.id, now).await.unwrap() {
                let memberships = mirrored.memberships();
                let companies = memberships.companies_of(&contact.id, now).await.unwrap();
                let tags: BTreeSet<_> = found.tags.into_iter().collect();
                let wants_none = found.unsubscribed_from_emails;
                let companies: BTreeSet<_> = companies.into_iter().collect();
                ours = Some((found.name, found.email, tags, wants_none, companies));
            }
            differ(
                format!("contact {}", contact.id),
                format!("{ours:?}"),
                format!("{theirs:?}"),
            );
        }
        for conversation in &conversations {
            let state = match conversation.state {
                FakeState::Open => ConversationState::Open,
                FakeState::Closed => ConversationState::Closed,
                FakeState::Snoozed => ConversationState::Snoozed,
            };
            let first = conversation
                .messages
                .iter()
                .map(|message| Some(message.text.clone()));
            let said = conversation.parts.iter().filter(|part| {
                matches!(part.kind.as_str(), "comment" | "note")
                    && (part.body.is_some() || part.redacted)
            });
            let said = said.map(|part| part.body.clone().filter(|_| !part.redacted));
            let said: BTreeSet<_> = first.chain(said).collect();
            let theirs = Some((state, vec![conversation.contact.id.clone()], said));
            let mut ours = None;
            let conversations = mirrored.conversations();
            if let Some(found) = conversations.get(&conversation.id, now).await.unwrap() {
                let parts = conversations.parts(&conversation.id, now).await.unwrap();
                let said: BTreeSet<_> = parts.into_iter().map(|part| part.body).collect();
                ours = Some((found.state, found.contacts, said));
            }
            let name = format!("conversation {}", conversation.id);
            differ(name, format!("{ours:?}"), format!("{theirs:?}"));
        }
        let gone = self.read(|directory| directory.deleted_conversations().to_vec());
        for (id, _) in gone {
            let found = mirrored.conversations().get(&id, now).await.unwrap();
            differ(
                format!("deleted {id}"),
                format!("{}", found.is_some()),
                "false".into(),
            );
        }
        let theirs: BTreeSet<_> = self.read(|directory| {
            let events = directory.events();
            let ids = events.map(|event| {
                format!(
                    "{}-{}-{}",
                    event.contact,
                    event.name,
                    event.created_at.as_second()
                )
            });
            ids.collect()
        });
        let mut ours = BTreeSet::new();
        let mut query = EventQuery {
            limit: 100,
            ..EventQuery::default()
        };
        loop {
            let page = mirrored.events().list(&query, now).await.unwrap();
            ours.extend(page.events.into_iter().map(|event| event.id));
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        differ("events".into(), format!("{ours:?}"), format!("{theirs:?}"));
        wrong
    }
}

fn admin() -> String {
    "1".to_owned()
}

#[tokio::test]
async fn what_is_replied_is_there_at_once() {
    let mut world = World::start(&Choices::everything()).await;
    let company = world.add_company("co1");
    world.tell(&company).await;
    let user = world.add_user("c1", &["co1"]);
    world.tell(&user).await;
    let begun = world.begin("7", "c1");
    world.tell(&begun).await;
    world.intercom.take_calls();
    world.later(60);
    let replied = world.converse(
        "7",
        ConversationChange::ContactReplies("It broke".to_owned()),
    );
    world.tell(&replied).await;
    world.later(60);
    let answer = ConversationChange::AdminReplies {
        admin: admin(),
        text: "We look".to_owned(),
        attachments: Vec::new(),
        app: None,
    };
    let answered = world.converse("7", answer);
    world.tell(&answered).await;
    assert_eq!(
        world.said("7").await,
        ["How does 7 work?", "It broke", "We look"]
    );
    assert!(world.intercom.calls().is_empty(), "nothing had to be asked");
    assert_eq!(world.differences().await, Vec::<String>::new());
}

#[tokio::test]
async fn of_a_conversation_that_began_unheard_all_is_read() {
    let mut world = World::start(&Choices::everything()).await;
    world.add_company("co1");
    world.add_user("c1", &["co1"]);
    world.begin("7", "c1");
    world.later(60);
    world.converse(
        "7",
        ConversationChange::ContactReplies("It broke".to_owned()),
    );
    world.later(60);
    let replied = world.converse("7", ConversationChange::ContactReplies("Hello?".to_owned()));
    world.tell(&replied).await;
    assert_eq!(
        world.said("7").await,
        ["How does 7 work?", "It broke", "Hello?"]
    );
}

#[tokio::test]
async fn nothing_is_written_that_nobody_chose() {
    let mut world = World::start(&Choices::default()).await;
    let company = world.add_company("co1");
    let user = world.add_user("c1", &["co1"]);
    let begun = world.begin("7", "c1");
    for told in [&company, &user, &begun] {
        world.tell(told).await;
    }
    let (mirrored, now) = (world.mirrored(), world.now());
    assert!(mirrored.companies().list(now).await.unwrap().is_empty());
    assert!(mirrored.contacts().get("c1", now).await.unwrap().is_none());
    assert!(
        mirrored
            .conversations()
            .get("7", now)
            .await
            .unwrap()
            .is_none()
    );
    assert!(world.intercom.calls().is_empty());
}

#[tokio::test]
async fn with_conversations_alone_those_who_take_part_are_there() {
    let chosen = Choices {
        conversations: true,
        ..Choices::default()
    };
    let mut world = World::start(&chosen).await;
    let one = world.add_user("c1", &[]);
    let other = world.add_user("c2", &[]);
    let begun = world.begin("7", "c1");
    for told in [&one, &other, &begun] {
        world.tell(told).await;
    }
    let (mirrored, now) = (world.mirrored(), world.now());
    assert!(mirrored.contacts().get("c1", now).await.unwrap().is_some());
    assert!(mirrored.contacts().get("c2", now).await.unwrap().is_none());
}

#[tokio::test]
async fn an_event_of_an_ignored_name_is_noted_and_not_kept() {
    let mut chosen = Choices::everything();
    chosen.ignored_events = vec!["opened-page".to_owned()].into();
    let mut world = World::start(&chosen).await;
    world.add_user("c1", &[]);
    for name in ["opened-page", "placed-order"] {
        let event = FakeEvent {
            contact: "c1".to_owned(),
            name: name.to_owned(),
            created_at: world.now(),
            metadata: Metadata::default(),
        };
        let told = Notification::event(WORKSPACE, &event, &world.contact("c1"), world.now());
        world.tell(&told).await;
    }
    let (mirrored, now) = (world.mirrored(), world.now());
    let query = EventQuery {
        limit: 10,
        ..EventQuery::default()
    };
    let page = mirrored.events().list(&query, now).await.unwrap();
    let kept: Vec<_> = page
        .events
        .iter()
        .map(|event| event.name.as_str())
        .collect();
    assert_eq!(kept, ["placed-order"]);
    let mut names: Vec<_> = mirrored.events().names(now).await.unwrap();
    names.sort_by(|one, other| one.name.cmp(&other.name));
    let counts: Vec<_> = names
        .iter()
        .map(|name| (name.name.as_str(), name.count))
        .collect();
    assert_eq!(counts, [("opened-page", 0), ("placed-order", 1)]);
}

/// Histories, by their seeds, and how many notifications each has at least: one of `MIRROR_NOTIFICATIONS`,
/// where that is said.
fn histories() -> (Range<u64>, usize) {
    let wanted = std::env::var("MIRROR_NOTIFICATIONS").ok();
    let wanted = wanted.and_then(|wanted| wanted.parse().ok());
    wanted.map_or((0..3, 60), |wanted| (0..1, wanted))
}

#[tokio::test]
async fn the_mirror_is_in_the_end_what_intercom_has() {
    let (seeds, wanted) = histories();
    for seed in seeds {
        let mut rng = Rng::with_seed(seed);
        let mut world = World::start(&Choices::everything()).await;
        let (mut pending, mut told, mut topics) = (Vec::new(), 0, BTreeSet::new());
        let mut ids = 0;
        while told < wanted {
            world.later(rng.i64(1..100));
            ids += 1;
            for notification in step(&world, &mut rng, ids) {
                topics.insert(notification.topic);
                let envelope = world.envelope(&notification);
                told += 1;
                if rng.u8(..3) == 0 {
                    pending.push(envelope.clone());
                }
                pending.push(envelope);
            }
            // Some come at once, others later than what happened after them.
            if rng.u8(..4) == 0 {
                rng.shuffle(&mut pending);
                let some = rng.usize(0..=pending.len());
                for envelope in pending.drain(..some).collect::<Vec<_>>() {
                    world.stack.queue(&envelope).await;
                }
                world.stack.settle().await;
            }
        }
        rng.shuffle(&mut pending);
        for envelope in pending {
            world.stack.queue(&envelope).await;
        }
        world.stack.settle().await;
        assert_eq!(world.stack.parked(), Vec::<String>::new(), "seed {seed}");
        let differences = world.differences().await;
        assert!(differences.is_empty(), "seed {seed}: {differences:#?}");
        assert!(topics.len() > 15, "seed {seed}: {topics:?}");
        let mirrored = MirroredTopic::ALL.map(MirroredTopic::as_str);
        assert!(topics.iter().any(|topic| mirrored.contains(topic)));
    }
}

/// Something happens at Intercom; what it tells then.
fn step(world: &World, rng: &mut Rng, number: usize) -> Vec<Notification> {
    let now = world.now();
    let companies: Vec<_> = world.read(|directory| {
        let companies = directory.companies().iter();
        companies.map(|company| company.id.clone()).collect()
    });
    let contacts: Vec<FakeContact> = world.read(|directory| {
        let contacts = directory.contacts().into_iter();
        let present = contacts.filter(|contact| contact.standing != Standing::Deleted);
        present.cloned().collect()
    });
    let conversations: Vec<_> = world.read(|directory| {
        let conversations = directory.conversations().iter();
        conversations
            .map(|conversation| conversation.id.clone())
            .collect()
    });
    let company = rng.choice(&companies).cloned();
    let contact = rng.choice(&contacts).cloned();
    let conversation = rng.choice(&conversations).cloned();
    let about = |topic: &'static str, id: &str| {
        Notification::about(WORKSPACE, topic, &world.contact(id), now)
    };
    match (rng.u8(..20), company, contact, conversation) {
        (0, ..) => vec![world.add_company(&format!("co{number}"))],
        (1, company, ..) => {
            let companies: Vec<_> = company.iter().map(String::as_str).collect();
            vec![world.add_user(&format!("c{number}"), &companies)]
        }
        (2, Some(id), ..) => {
            world.write(|directory| {
                let company = directory.company_mut(&id).unwrap();
                company.name = Some(format!("Company {number}"));
                company.updated_at = now;
            });
            vec![world.of_company("company.updated", &id)]
        }
        (3, Some(id), ..) if rng.u8(..3) == 0 => {
            world.write(|directory| directory.remove_company(&id));
            vec![Notification::company_deleted(WORKSPACE, &id, now)]
        }
        (4 | 5, Some(company), Some(contact), _) => {
            let topic = match contact.companies.contains(&company) {
                true => "company.contact.detached",
                false => "company.contact.attached",
            };
            let id = &contact.id;
            world.write(|directory| {
                directory.update(id, |contact| match topic {
                    "company.contact.detached" => contact.companies.retain(|each| *each != company),
                    _ => contact.companies.push(company.clone()),
                });
            });
            let (company, contact) = (world.company(&company), world.contact(id));
            vec![Notification::membership(
                WORKSPACE, topic, &company, &contact, now,
            )]
        }
        (6 | 7, _, Some(contact), _) => {
            let id = &contact.id;
            world.write(|directory| {
                directory.update(id, |contact| {
                    contact.name = Some(format!("Name {number}"));
                    contact.updated_at = now;
                });
            });
            let topic = match contact.role {
                Role::User => "contact.user.updated",
                Role::Lead => "contact.lead.updated",
            };
            vec![about(topic, id)]
        }
        (8, _, Some(contact), _) => {
            let tag = FakeTag {
                id: format!("t{}", number % 3),
                name: "Tag".to_owned(),
            };
            let has = contact.tags.contains(&tag.id);
            world.write(|directory| {
                directory.update(&contact.id, |contact| match has {
                    true => contact.tags.retain(|each| *each != tag.id),
                    false => contact.tags.push(tag.id.clone()),
                });
            });
            let topic = match has {
                true => "contact.user.tag.deleted",
                false => "contact.user.tag.created",
            };
            let contact = world.contact(&contact.id);
            vec![Notification::contact_tag(
                WORKSPACE, topic, &contact, &tag, now,
            )]
        }
        (9, _, Some(contact), _) => {
            let id = &contact.id;
            world.write(|directory| {
                directory.update(id, |contact| {
                    contact.unsubscribed_from_emails = !contact.unsubscribed_from_emails;
                });
            });
            vec![Notification::subscription(
                WORKSPACE,
                &world.contact(id),
                now,
            )]
        }
        (10, _, Some(contact), _) => {
            let users = contacts.iter().filter(|contact| contact.role == Role::User);
            let user = rng.choice(users.map(|user| user.id.clone()).collect::<Vec<_>>());
            let change = match rng.u8(..6) {
                0 => Change::Archive,
                1 => Change::Unarchive,
                2 if rng.bool() => Change::Delete,
                3 => Change::SignUp(format!("u-{number}")),
                4 => match user {
                    Some(user) => Change::MergeInto(user),
                    None => return Vec::new(),
                },
                _ => Change::Email(format!("{number}@shop.example")),
            };
            let changed = world.intercom.change(WORKSPACE, &contact.id, change);
            changed.into_iter().collect()
        }
        (11, company, ..) => {
            let lead = FakeContact {
                companies: company.into_iter().collect(),
                ..FakeContact::new(format!("l{number}"), Role::Lead, now)
            };
            world.write(|directory| directory.add_contact(lead.clone()));
            vec![Notification::about(
                WORKSPACE,
                "contact.lead.created",
                &lead,
                now,
            )]
        }
        (12, _, Some(contact), _) => vec![world.begin(&format!("9{number}"), &contact.id)],
        (13, _, Some(contact), _) => {
            let event = FakeEvent {
                contact: contact.id.clone(),
                name: format!("did-{}", number % 4),
                created_at: now,
                metadata: Metadata::default(),
            };
            world.write(|directory| directory.add_event(event.clone()));
            vec![Notification::event(WORKSPACE, &event, &contact, now)]
        }
        (14.., _, _, Some(id)) => {
            let parts = world.read(|directory| directory.conversation(&id).unwrap().parts.clone());
            let said = parts.iter().filter(|part| part.kind == "comment");
            let said = rng.choice(said.map(|part| part.id.clone()).collect::<Vec<_>>());
            let text = format!("Words {number}");
            let change = match (rng.u8(..12), said) {
                (0, _) => ConversationChange::Close(admin()),
                (1, _) => ConversationChange::Open(admin()),
                (2, _) => ConversationChange::Snooze(admin()),
                (3, _) => ConversationChange::Assign {
                    admin: admin(),
                    to: None,
                },
                (4, _) => ConversationChange::Rate(5, text),
                (5, Some(part)) => ConversationChange::Redact(part),
                (6, _) if rng.u8(..3) == 0 => ConversationChange::Delete,
                (7, _) => ConversationChange::AdminNotes {
                    admin: admin(),
                    text,
                    app: None,
                },
                (8, _) => ConversationChange::AiReplies(text),
                (9, _) => ConversationChange::BotKeepsHouse,
                (10, _) => ConversationChange::AdminReplies {
                    admin: admin(),
                    text,
                    attachments: Vec::new(),
                    app: None,
                },
                _ => ConversationChange::ContactReplies(text),
            };
            vec![world.converse(&id, change)]
        }
        _ => Vec::new(),
    }
}

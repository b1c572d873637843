//! The table fails now and then: nothing is lost.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use serde_json::Value;

use crate::order::same;
use crate::sample::{AT, absorbing, conversation, lead, lead_with_email, notification, user};
use crate::stack::Stack;

/// Lets calls fail: some before they reach the table, some only with their answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outage(Arc<Chance>);

#[derive(Debug)]
struct Chance {
    percent: AtomicU32,
    random: Mutex<fastrand::Rng>,
}

impl Default for Chance {
    fn default() -> Self {
        Self {
            percent: AtomicU32::new(0),
            random: Mutex::new(fastrand::Rng::with_seed(7)),
        }
    }
}

impl Outage {
    /// The client, over a line that this decides about.
    pub(crate) fn over(&self, client: &Client) -> Client {
        let config = client.config().to_builder().interceptor(self.clone());
        Client::from_conf(config.build())
    }

    /// From now on so many calls of a hundred never reach the table, and so many answers are lost.
    pub(crate) fn fail(&self, percent: u32) {
        self.0.percent.store(percent, Ordering::Relaxed);
    }

    fn strike(&self) -> Result<(), BoxError> {
        let percent = self.0.percent.load(Ordering::Relaxed);
        let mut random = self.0.random.lock().unwrap_or_else(PoisonError::into_inner);
        match random.u32(0..100) < percent {
            true => Err("the line is cut".into()),
            false => Ok(()),
        }
    }
}

impl Intercept for Outage {
    fn name(&self) -> &'static str {
        "Outage"
    }

    fn modify_before_transmit(
        &self,
        _: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.strike()
    }

    fn modify_before_deserialization(
        &self,
        _: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.strike()
    }
}

/// Some life, with a bit of everything.
fn life() -> Vec<Value> {
    (0..20)
        .flat_map(|n| {
            let (lead_id, user_id, visitor) = (format!("l{n}"), format!("c{n}"), format!("v-{n}"));
            let email = format!("{n}@shop.example");
            let began = conversation(&format!("{n}"), &lead_id, &visitor, "https://shop.example/");
            [
                notification("contact.lead.created", AT, lead(&lead_id, &visitor)),
                notification("conversation.user.created", AT + 1, began),
                notification(
                    "contact.lead.added_email",
                    AT + 2,
                    lead_with_email(&lead_id, &visitor, &email),
                ),
                notification(
                    "contact.merged",
                    AT + 3,
                    absorbing(user(&user_id, &format!("u-{n}"), &email), &lead_id),
                ),
            ]
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_table_fails_now_and_then_nothing_is_lost() {
    let life = life();
    let [undisturbed, disturbed] = [Stack::start().await, Stack::start().await];
    for stack in [&undisturbed, &disturbed] {
        stack.connect("acme").await;
        for notification in &life {
            stack.queue(notification).await;
        }
    }
    undisturbed.settle().await;

    disturbed.outage.fail(10);
    disturbed.settle().await;
    // What had bad luck each time is parked, and sent again once the table is back.
    disturbed.outage.fail(0);
    disturbed.redrive();
    disturbed.settle().await;

    assert_eq!(disturbed.parked(), Vec::<String>::new());
    same(&undisturbed.facts().await, &disturbed.facts().await);
}

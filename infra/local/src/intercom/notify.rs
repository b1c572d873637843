//! Telling the app what has happened.

use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use intercom::fake::Notification;
use intercom::signature::{HUB_SIGNATURE_HEADER, sign_hub};
use serde::Serialize;

use super::Intercom;
use super::request::failure;

/// How long Intercom waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the app made of a notification, for the page to show.
#[derive(Debug, Serialize)]
pub(super) struct DeliveryReport {
    topic: &'static str,
    answer: String,
}

impl Intercom {
    /// Sends a notification, once: a second try, a minute later as Intercom's is, would only confuse whoever
    /// watches.
    pub(super) async fn notify(&self, notification: &Notification) -> DeliveryReport {
        let answer = match platform::random::bytes() {
            Ok(id) => self.deliver(notification.envelope(id).to_string()).await,
            Err(error) => error.to_string(),
        };
        DeliveryReport {
            topic: notification.topic,
            answer,
        }
    }

    async fn deliver(&self, body: String) -> String {
        let signature = sign_hub(&self.client_secret, body.as_bytes());
        let sent = self
            .client
            .post(self.app_url("webhooks"))
            .header(USER_AGENT, "intercom-parrot-service-client/1.0")
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .header(HUB_SIGNATURE_HEADER, signature)
            .timeout(PATIENCE)
            .body(body)
            .send()
            .await;
        match sent {
            Ok(response) => format!("answered {}", response.status().as_u16()),
            Err(error) => failure(&error).to_string(),
        }
    }
}

//! The worker of the queue `webhook-conversation-contact-attached` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::conversation_contact_attached;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(
        Worker::ConversationContactAttached,
        conversation_contact_attached::rule,
    )
    .await
}

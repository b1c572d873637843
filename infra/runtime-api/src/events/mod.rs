//! Events as Lambda makes them, and what it makes of the answers.

mod function_url;
mod limits;
mod queue;

pub use function_url::{answered, function_url, function_url_at, response};
pub use limits::{MAX_BYTES, body_bytes};
pub use queue::{Message, failed_messages, sqs};

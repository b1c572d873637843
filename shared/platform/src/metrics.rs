//! The funnel in numbers: every metric of the stack, in CloudWatch's Embedded Metric Format (its user guide
//! has a specification of that name).
//!
//! A log line counts when one of its fields is named after a metric, such as `info!({ metrics::CHUNK_ACCEPTED
//! } = 1, "chunk accepted")`. On Lambda, [`crate::telemetry`] adds to such a line what CloudWatch needs to
//! take the numbers out of it: a metric costs no call and no line of its own.
//!
//! The only dimension is the function. Ids are fields of the line: they can be searched for, and make no
//! metric of their own, which CloudWatch would bill.

use jiff::Timestamp;
use serde_json::{Value, json};

/// Where CloudWatch shows the metrics.
pub const NAMESPACE: &str = "Recapt";

/// The dimension of every metric: the function's name.
pub const DIMENSION: &str = "Function";

/// Declares each metric as the constant that names its field, with the unit that CloudWatch is told.
macro_rules! metrics {
    ($($(#[$documentation:meta])+ $constant:ident = $name:literal in $unit:literal;)+) => {
        $($(#[$documentation])+ pub const $constant: &str = $name;)+

        /// The unit of a metric; `None` for a field that is none.
        fn unit(field: &str) -> Option<&'static str> {
            match field {
                $($name => Some($unit),)+
                _ => None,
            }
        }
    };
}

metrics! {
    /// A panel was drawn, whatever it shows.
    CANVAS_DRAWN = "CanvasDrawn" in "Count";
    /// A panel could not be drawn: the teammate saw one that offers to try again.
    CANVAS_FAILED = "CanvasFailed" in "Count";
    /// A request did not bear Intercom's signature.
    SIGNATURE_REJECTED = "SignatureRejected" in "Count";
    /// A notification of Intercom's was put on its worker's queue.
    NOTIFICATION_QUEUED = "NotificationQueued" in "Count";
    /// A workspace was connected, or connected again.
    WORKSPACE_CONNECTED = "WorkspaceConnected" in "Count";
    /// An admin wanted to connect a workspace, and Intercom or we could not.
    CONNECT_FAILED = "ConnectFailed" in "Count";
    /// A workspace was disconnected, by an admin or by Intercom.
    WORKSPACE_DISCONNECTED = "WorkspaceDisconnected" in "Count";
    /// A chunk was stored.
    CHUNK_ACCEPTED = "ChunkAccepted" in "Count";
    /// A chunk came again.
    CHUNK_DUPLICATE = "ChunkDuplicate" in "Count";
    /// Somebody said whose session it is.
    SESSION_IDENTIFIED = "SessionIdentified" in "Count";
    /// Tracked events were stored for good.
    EVENTS_TAKEN = "EventsTaken" in "Count";
    /// Tracked events were refused by themselves: each is a dropped delivery.
    EVENTS_REFUSED = "EventsRefused" in "Count";
    /// Intercom was told of tracked events.
    EVENTS_SENT = "EventsSent" in "Count";
    /// Tracked events were not told, by a rule.
    EVENTS_DROPPED = "EventsDropped" in "Count";
    /// Tracked events could not be told: each is kept, and can be sent again.
    EVENTS_FAILED = "EventsFailed" in "Count";
    /// Requests were refused because of the site that they came from.
    ORIGIN_REFUSED = "OriginRefused" in "Count";
    /// Requests were refused because of their key.
    KEY_REFUSED = "KeyRefused" in "Count";
    /// Requests were refused because their organization is above a limit.
    QUOTA_EXCEEDED = "QuotaExceeded" in "Count";
    /// An organization has asked for the erasure of somebody.
    ERASURE_REQUESTED = "ErasureRequested" in "Count";
    /// Somebody was erased with everything that there was of them.
    PERSON_ERASED = "PersonErased" in "Count";
    /// A session was erased.
    SESSION_ERASED = "SessionErased" in "Count";
    /// A session's summary was brought up to date.
    SUMMARY_WRITTEN = "SummaryWritten" in "Count";
    /// From the arrival of the newest chunk in a summary to that summary.
    SUMMARY_LAG = "SummaryLag" in "Milliseconds";
    /// A session had chunks that nobody was summarizing, and is summarized now.
    SUMMARY_FORGOTTEN = "SummaryForgotten" in "Count";
    /// What a notification says stands in the table.
    NOTIFICATION_APPLIED = "NotificationApplied" in "Count";
    /// A notification came again.
    NOTIFICATION_DUPLICATE = "NotificationDuplicate" in "Count";
    /// A notification was of a workspace that nobody has connected.
    NOTIFICATION_DROPPED = "NotificationDropped" in "Count";
    /// A notification came to nothing, and is where its organization sees it.
    NOTIFICATION_PARKED = "NotificationParked" in "Count";
    /// A notification waited for long before its worker took it.
    NOTIFICATION_LATE = "NotificationLate" in "Count";
    /// Notifications wait on a worker's queue, and nobody takes any.
    NOTIFICATION_UNTAKEN = "NotificationUntaken" in "Count";
    /// A parked notification was sent again.
    NOTIFICATION_SENT_AGAIN = "NotificationSentAgain" in "Count";
    /// A workspace could not be asked about, or not yet.
    RECONCILIATION_FAILED = "ReconciliationFailed" in "Count";
    /// Nobody knows who wrote, but one session fits.
    POSSIBLE_MATCH_FOUND = "PossibleMatchFound" in "Count";
    /// A queued message failed. It is delivered again, and parked with the dead letters in the end.
    QUEUE_MESSAGE_FAILED = "QueueMessageFailed" in "Count";
}

/// What makes CloudWatch take the metrics among `fields` out of the line that they stand in: its `_aws`
/// object. `None` when there are none.
pub(crate) fn directive<'a>(
    fields: impl Iterator<Item = &'a str>,
    now: Timestamp,
) -> Option<Value> {
    let metrics: Vec<Value> = fields
        .filter_map(|name| Some(json!({"Name": name, "Unit": unit(name)?})))
        .collect();
    if metrics.is_empty() {
        return None;
    }
    Some(json!({
        "Timestamp": now.as_millisecond(),
        "CloudWatchMetrics": [
            {"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": metrics},
        ],
    }))
}

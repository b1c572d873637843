//! What the page on cost says, compared with what is counted here.

mod admins;
mod notifications;
mod operations;
mod page;
mod sessions;
mod signing;

use admins::seeing_to_a_workspace;
use notifications::a_lead_becoming_known;
use operations::{CHUNKS, Cost, a_whole_session, drawing_a_canvas, recording_a_session};
use page::{Page, written};
use sessions::{erasing, looking_at_sessions};
use signing::naming_with_a_signature;

#[tokio::test]
async fn the_page_on_cost_says_what_every_operation_asks_for() {
    let mut costs = Box::pin(drawing_a_canvas()).await;
    costs.extend(Box::pin(recording_a_session()).await);
    costs.push(("a whole session", Box::pin(a_whole_session()).await.cost));
    costs.extend(Box::pin(looking_at_sessions()).await);
    costs.extend(Box::pin(erasing()).await);
    costs.extend(Box::pin(a_lead_becoming_known()).await);
    costs.extend(Box::pin(seeing_to_a_workspace()).await);
    costs.extend(Box::pin(naming_with_a_signature()).await);
    let rows: Vec<String> = costs.iter().map(|(name, cost)| cost.row(name)).collect();
    Page::read().assert_holds("an operation asks for", &rows);
}

#[tokio::test]
async fn the_page_on_cost_multiplies_correctly() {
    let page = Page::read();
    let (_, view) = Box::pin(drawing_a_canvas()).await.remove(VIEW);
    let view = Usage {
        cost: view,
        invocations: 1.0,
        gb_seconds: gb_seconds(&page, "canvas"),
        ..Usage::default()
    };
    page.assert_holds("a million views cost", &bill(&page, "views", &view));

    let session = Box::pin(a_whole_session()).await;
    let (requests, runs) = (CHUNKS as f64 + 1.0, session.cost.messages as f64);
    let session = Usage {
        cost: session.cost,
        invocations: requests + runs,
        gb_seconds: requests * gb_seconds(&page, "record") + runs * gb_seconds(&page, "summarize"),
        table_bytes: session.table_bytes as f64,
        bucket_bytes: session.bucket_bytes as f64,
    };
    page.assert_holds(
        "a million sessions cost",
        &bill(&page, "sessions", &session),
    );
}

/// The view that is billed: that of somebody with ten sessions.
const VIEW: usize = 3;

/// What one view or one session uses.
#[derive(Default)]
struct Usage {
    cost: Cost,
    invocations: f64,
    gb_seconds: f64,
    table_bytes: f64,
    bucket_bytes: f64,
}

/// GB-seconds of one invocation, as the page assumes.
fn gb_seconds(page: &Page, function: &str) -> f64 {
    let megabytes = page.number(&format!("memory of {function}, MB"));
    let milliseconds = page.number(&format!("an invocation of {function}, ms"));
    megabytes / 1_024.0 * milliseconds / 1_000.0
}

/// Whole ones: objects are compressed, to a few bytes more or less each time.
fn kilobytes(bytes: f64) -> f64 {
    (bytes / 1e3).round()
}

/// The rows of the bill for a million, the dearest first, and their sum. Requests are counted in millions,
/// and a million bytes of each are so many thousandths of a GB.
fn bill(page: &Page, what: &str, usage: &Usage) -> Vec<String> {
    let cost = &usage.cost;
    let months = page.number("retention, months");
    let log_bytes = usage.invocations * page.number("log bytes of an invocation");
    let messages = cost.messages as f64;
    let mut rows: Vec<(f64, String)> = [
        ("read unit", cost.read_units),
        ("write unit", cost.write_units),
        ("table GB-month", kilobytes(usage.table_bytes) * months),
        ("S3 PUT", cost.puts as f64),
        ("S3 GET", cost.gets as f64),
        ("bucket GB-month", kilobytes(usage.bucket_bytes) * months),
        (
            "SQS request",
            messages * page.number("SQS requests of a message"),
        ),
        ("Lambda request", usage.invocations),
        ("Lambda GB-second", usage.gb_seconds),
        ("log GB", log_bytes / 1e3),
    ]
    .into_iter()
    .filter(|(_, amount)| *amount > 0.0)
    .map(|(price, amount)| {
        let dollars = amount * page.number(price);
        (
            dollars,
            format!("| {price} | {} | ${dollars:.2} |", written(amount)),
        )
    })
    .collect();
    let total: f64 = rows.iter().map(|(dollars, _)| dollars).sum();
    rows.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let total = format!("| **a million {what}** | | **${total:.2}** |");
    rows.into_iter()
        .map(|(_, row)| row)
        .chain([total])
        .collect()
}

//! Visits of an hour and more, made up event by event, as our recorder would tell them.
//!
//! ```
//! let visit = visits::trouble_every(75, 75 * 60);
//! assert_eq!(visit.trouble_ms().len(), 60);
//! let chunks = visit.chunks(30_000);
//! assert!(chunks.len() >= 60);
//! ```

mod event;
mod visit;

pub use visit::{BEGAN_AT, Visit};

/// Something goes wrong every so many seconds, for so long: in turn somebody clicks in rage, a script
/// throws after a click, a request fails, and a click does nothing.
#[must_use]
pub fn trouble_every(seconds: u64, length_seconds: u64) -> Visit {
    let mut visit = Visit::begin("/");
    for number in 0..length_seconds / seconds {
        let at = number * seconds * 1_000 + 5_000;
        if number % 10 == 9 {
            visit.open(at - 2_000, &format!("/products/{number}"));
        }
        match number % 4 {
            0 => visit.rage(at, "Add to wishlist"),
            1 => visit.throws_after_click(at, "Apply", "TypeError: coupon.apply is not a function"),
            2 => visit.fails(at, "POST", "/api/stock/17", 503),
            _ => visit.dead(at, "Export"),
        }
    }
    visit.end(length_seconds * 1_000);
    visit
}

/// So many console errors, of which no two are the same, one a second; before and after them a page is
/// opened, and in the middle a script throws.
#[must_use]
pub fn differing_errors(count: u64) -> Visit {
    let mut visit = Visit::begin("/");
    for number in 0..count {
        visit.logs(3_000 + number * 1_000, &format!("{} failed", word(number)));
    }
    visit.throws(3_500 + count / 2 * 1_000, "TypeError: cart is null");
    visit.open(count * 1_000 + 5_000, "/cart");
    visit.end(count * 1_000 + 15_000);
    visit
}

/// Trouble, then nobody for so many hours, then trouble again.
#[must_use]
pub fn idle_in_the_middle(hours: u64) -> Visit {
    let pause = hours * 60 * 60 * 1_000;
    let mut visit = Visit::begin("/");
    visit.rage(10_000, "Add to wishlist");
    visit.fails(20_000, "GET", "/api/cart", 500);
    visit.open(pause + 30_000, "/checkout");
    visit.dead(pause + 40_000, "Pay");
    visit.end(pause + 60_000);
    visit
}

/// One error again and again, so many times a minute, and something worse once in the middle.
#[must_use]
pub fn one_error_again_and_again(times_a_minute: u64, minutes: u64) -> Visit {
    let mut visit = Visit::begin("/");
    let gap = 60_000 / times_a_minute;
    for number in 0..times_a_minute * minutes {
        visit.logs(2_000 + number * gap, "Widget is gone");
    }
    visit.rage(minutes * 30_000 + 500, "Buy");
    visit.end(minutes * 60_000);
    visit
}

/// A word for a number, without a digit: what differs in digits alone is the same problem.
fn word(number: u64) -> String {
    let letter = |part: u64| char::from(b'g' + (part % 20) as u8);
    let mut letters = String::from("task");
    for place in 0..3 {
        letters.push(letter(number / 20u64.pow(place)));
    }
    letters
}

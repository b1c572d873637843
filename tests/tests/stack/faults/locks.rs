//! Rows that a write has for as long as it takes.
//!
//! DynamoDB does not queue what meets on a row. It cancels a transaction that meets another write, and
//! refuses a write that meets a transaction; two plain writes do not meet
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html>, "Transaction
//! conflict handling").

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::answer::{Answer, Refusal};
use super::asked::{Asked, RowKey};

/// The rows that writes have at this moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Locks(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    time: Duration,
    writes: usize,
    held: Vec<Held>,
}

#[derive(Debug)]
struct Held {
    row: RowKey,
    write: usize,
    by_transaction: bool,
}

impl Locks {
    /// How long a write has its rows from now on.
    pub(super) fn take(&self, time: Duration) {
        self.0.lock().unwrap().time = time;
    }

    /// Does a call while it has its rows, unless it meets another there.
    pub(super) async fn hold(&self, asked: &Asked, call: impl Future<Output = Answer>) -> Answer {
        let time = self.0.lock().unwrap().time;
        let rows = asked.rows();
        if time.is_zero() || rows.is_empty() {
            return call.await;
        }
        let write = match self.enter(asked, &rows) {
            Ok(write) => write,
            Err(met) if asked.is_transaction() => return Answer::cancelled(&met),
            Err(_) => return Answer::refusal(asked, Refusal::Conflict),
        };
        let answer = call.await;
        tokio::time::sleep(time).await;
        self.0
            .lock()
            .unwrap()
            .held
            .retain(|held| held.write != write);
        answer
    }

    /// Takes the rows; which of them another has, when that cannot be.
    fn enter(&self, asked: &Asked, rows: &[RowKey]) -> Result<usize, Vec<Option<Refusal>>> {
        let mut state = self.0.lock().unwrap();
        let by_transaction = asked.is_transaction();
        let meets = |row: &RowKey| {
            let mut held = state.held.iter().filter(|held| held.row == *row);
            held.any(|held| held.by_transaction || by_transaction)
        };
        let met = rows
            .iter()
            .map(|row| meets(row).then_some(Refusal::Conflict));
        let met: Vec<Option<Refusal>> = met.collect();
        if met.iter().any(Option::is_some) {
            return Err(met);
        }
        state.writes += 1;
        let write = state.writes;
        state.held.extend(rows.iter().map(|row| Held {
            row: row.clone(),
            write,
            by_transaction,
        }));
        Ok(write)
    }
}

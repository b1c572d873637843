//! Every write of every step loses its answer.

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::SignedDuration;
use test_support::Loss;

use crate::door::{Answer, Door};
use crate::functions::{ask, ask_again};
use crate::intercom::refuse_tokens;
use crate::journey::{self, Step};
use crate::likeness::{Outcome, Usual};
use crate::snapshot::Snapshot;
use crate::tolerance::Asked;
use crate::world::World;

#[test]
fn whichever_answer_is_lost_nobody_can_tell() {
    let steps = block_on(async { journey::take(&World::new().await).await });
    let next = AtomicUsize::new(0);
    let found = std::thread::scope(|scope| {
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        let threads: Vec<_> = (0..at_once)
            .map(|_| scope.spawn(|| block_on(sweep(&steps, &next))))
            .collect();
        let found = threads.into_iter().map(|thread| thread.join().unwrap());
        found.collect::<Vec<_>>()
    });
    let writes: usize = found.iter().map(|found| found.writes).sum();
    let differences: Vec<_> = found.iter().flat_map(|found| &found.differences).collect();
    eprintln!("{} steps, {writes} writes", steps.len());
    assert!(writes > steps.len(), "the writes were found");
    let told: String = differences.iter().map(|told| format!("{told}\n")).collect();
    assert_eq!(differences.len(), 0, "of {writes} writes:\n{told}");
}

/// Takes whichever steps nobody has taken, in a world of its own.
async fn sweep(steps: &[Step], next: &AtomicUsize) -> Found {
    let world = World::new().await;
    let mut sweep = Sweep {
        there: world.snapshot().await,
        world: &world,
        found: Found::default(),
    };
    while let Some(step) = steps.get(next.fetch_add(1, Ordering::Relaxed)) {
        sweep.step(step).await;
    }
    sweep.found
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    runtime.block_on(work)
}

#[derive(Default)]
struct Found {
    writes: usize,
    /// What was not as usual.
    differences: Vec<String>,
}

struct Sweep<'a> {
    world: &'a World,
    /// What stands there now.
    there: Snapshot,
    found: Found,
}

impl Sweep<'_> {
    /// Takes a step once more without a fault, and then with each of its writes' answers lost.
    async fn step(&mut self, step: &Step) {
        self.go_to(step).await;
        let answer = ask(self.world, &step.door).await;
        let writes = self.world.faults.take_writes();
        let again = self.outcome(answer).await;
        let usual = Usual::of(step.outcome.clone(), &again);
        let same = usual
            .difference_of_answer(&again.answer)
            .or(usual.difference_of_world(&again.after, Asked::Once));
        assert_eq!(same, None, "{}: two runs without a fault differ", step.name);
        self.found.writes += writes.len();
        for (number, write) in writes.iter().enumerate() {
            for loss in [Loss::First, Loss::All] {
                let difference = match loss {
                    Loss::First => self.lose_one(step, number, &usual).await,
                    Loss::All => self.lose_all(step, number, &usual).await,
                };
                self.found.differences.extend(difference.map(|difference| {
                    let name = &step.name;
                    format!("{name}: write {number} ({write}), {loss:?}\n{difference}")
                }));
            }
        }
    }

    /// The answer of one attempt is lost: whoever asked is told what they would be told.
    async fn lose_one(&mut self, step: &Step, number: usize, usual: &Usual) -> Option<String> {
        self.go_to(step).await;
        self.world.faults.lose_answer_of_write(number, Loss::First);
        let answer = ask(self.world, &step.door).await;
        self.assert_lost(step, number);
        let outcome = self.outcome(answer).await;
        let told = usual.difference_of_answer(&outcome.answer);
        let left = usual.difference_of_world(&outcome.after, Asked::Once);
        joined(told, left)
    }

    /// No attempt is answered: whoever asked may be told of a failure, asks again, and then it is done.
    async fn lose_all(&mut self, step: &Step, number: usize, usual: &Usual) -> Option<String> {
        self.go_to(step).await;
        self.world.faults.lose_answer_of_write(number, Loss::All);
        let first = ask(self.world, &step.door).await;
        self.assert_lost(step, number);
        let (asked, told) = if first.is_success || !usual.is_success() {
            (Asked::Once, usual.difference_of_answer(&first))
        } else {
            self.world.faults.clear();
            let (asked, second) = self.ask_again(step).await;
            let failed = format!("    the second try failed: {}\n", second.status);
            (asked, (!second.is_success).then_some(failed))
        };
        let outcome = self.outcome(Answer::default()).await;
        let mut left = usual.difference_of_world(&outcome.after, asked);
        if left.is_some() {
            // What is under way may make good what was cut short.
            let found = self.settled().await;
            self.go_to(step).await;
            ask(self.world, &step.door).await;
            let usually = self.settled().await;
            left = usual.difference(&usually, &found, asked);
        }
        joined(told, left)
    }

    /// The step has come to the write whose answer was to be lost.
    fn assert_lost(&self, step: &Step, number: usize) {
        let writes = self.world.faults.take_writes();
        assert!(writes.len() > number, "{}: {writes:?}", step.name);
    }

    async fn ask_again(&self, step: &Step) -> (Asked, Answer) {
        match &step.again {
            Some(begin) => (Asked::Anew, journey::sign_in_again(self.world, begin).await),
            None => (Asked::Again, ask_again(self.world, &step.door).await),
        }
    }

    /// What stands there when all is done that is to be done within an hour.
    async fn settled(&mut self) -> Snapshot {
        self.world.faults.clear();
        let end = self.world.clock.now() + SignedDuration::from_hours(1);
        while let Some((next, line)) = self.world.lines.next(None).filter(|(next, _)| *next <= end)
        {
            let wait = next.duration_since(self.world.clock.now());
            self.world.clock.advance(wait.max(SignedDuration::ZERO));
            ask(self.world, &Door::Batch(line)).await;
        }
        self.outcome(Answer::default()).await.after
    }

    async fn go_to(&mut self, step: &Step) {
        refuse_tokens(&self.world.fake, step.refuses_tokens);
        self.world.put_back(&self.there, &step.before).await;
        self.there = step.before.clone();
    }

    async fn outcome(&mut self, answer: Answer) -> Outcome {
        self.world.faults.clear();
        let after = self.world.snapshot().await;
        self.there = after.clone();
        Outcome { answer, after }
    }
}

fn joined(told: Option<String>, left: Option<String>) -> Option<String> {
    match (told, left) {
        (Some(told), Some(left)) => Some(told + &left),
        (told, left) => told.or(left),
    }
}

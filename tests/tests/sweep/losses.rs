//! Every write of every step loses its answer.

use std::fmt::Write;

use jiff::SignedDuration;
use test_support::Loss;

use crate::door::{Answer, Door};
use crate::functions::{ask, ask_again};
use crate::journey::{self, Step};
use crate::likeness::{Asked, Outcome, Usual};
use crate::snapshot::Snapshot;
use crate::world::World;

#[tokio::test]
async fn whichever_answer_is_lost_nobody_can_tell() {
    let world = World::new().await;
    let steps = journey::take(&world).await;
    let mut sweep = Sweep {
        there: world.snapshot().await,
        world: &world,
        writes: 0,
        told: String::new(),
        failures: 0,
    };
    for step in &steps {
        sweep.step(step).await;
    }
    eprintln!("{} steps, {} writes", steps.len(), sweep.writes);
    assert!(sweep.writes > steps.len(), "the writes were found");
    assert_eq!(
        sweep.failures, 0,
        "of {} writes:\n{}",
        sweep.writes, sweep.told
    );
}

struct Sweep<'a> {
    world: &'a World,
    /// What stands there now.
    there: Snapshot,
    writes: usize,
    told: String,
    failures: usize,
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
        self.writes += writes.len();
        for (number, write) in writes.iter().enumerate() {
            for loss in [Loss::First, Loss::All] {
                let difference = match loss {
                    Loss::First => self.lose_one(step, number, &usual).await,
                    Loss::All => self.lose_all(step, number, &usual).await,
                };
                if let Some(difference) = difference {
                    self.failures += 1;
                    let name = &step.name;
                    writeln!(
                        self.told,
                        "{name}: write {number} ({write}), {loss:?}\n{difference}"
                    )
                    .unwrap();
                }
            }
        }
    }

    /// The answer of one attempt is lost: whoever asked is told what they would be told.
    async fn lose_one(&mut self, step: &Step, number: usize, usual: &Usual) -> Option<String> {
        self.go_to(step).await;
        self.world.faults.lose_answer_of_write(number, Loss::First);
        let answer = ask(self.world, &step.door).await;
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
        self.world.mood.refuses_tokens(step.refuses_tokens);
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

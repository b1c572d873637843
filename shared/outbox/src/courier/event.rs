//! Telling what somebody did.

use intercom::rest::EventWrite;

use super::call::{failed, is_gone};
use super::{Courier, Progress, Stop, Telling, Verdict};
use crate::message::MessageKey;
use crate::pace::names::{EventName, MOST};
use crate::person::slots::{Slot, SlotOf};

/// Contacts that are tried: one that is gone has a successor, at most.
const ROUNDS: usize = 3;

/// Names of events up to which a browser may add some. They are enough for a site that has no server.
const MOST_OF_BROWSERS: usize = 100;

impl Courier<'_> {
    pub(super) async fn tell_event(
        &mut self,
        telling: &Telling<'_>,
        event: &EventWrite,
    ) -> Progress<()> {
        for _ in 0..ROUNDS {
            let contact = self.require_contact(telling).await?;
            self.count_name(telling, &event.event_name).await?;
            let message = MessageKey::of(telling.message_id);
            let of = SlotOf {
                workspace: self.workspace,
                contact: &contact,
                event_name: &event.event_name,
                message: &message,
                run: self.run,
            };
            let slot = self.outbox.take_slot(of, event.created_at, self.now());
            let second = match slot.await? {
                Slot::Ours(second) => second,
                Slot::BeingTold(until) => return Err(Stop::With(Verdict::Busy(until))),
            };
            fail::fail_point!(crate::steps::SLOT_TAKEN);
            let told = self.tell_event_to(event, &contact, second).await;
            fail::fail_point!(crate::steps::EVENT_TOLD);
            let refusal = match told {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(refusal)) => refusal,
                Err(stop) => {
                    self.outbox.let_go_of_slot(of, second).await?;
                    return Err(stop);
                }
            };
            if !is_gone(&refusal) {
                return Err(failed(&refusal));
            }
            self.forget_gone(telling, &contact, &refusal).await?;
        }
        Err(Stop::With(Verdict::Unavailable))
    }

    /// Counts the event's name. Anybody in a browser may make up names: they get no further than
    /// [`MOST_OF_BROWSERS`], so that some are left to servers and to what the source lists.
    async fn count_name(&mut self, telling: &Telling<'_>, name: &str) -> Progress<()> {
        let is_wanted = telling.rules.trust.covers_others() || telling.rules.lists_events;
        let most = if is_wanted { MOST } else { MOST_OF_BROWSERS };
        let counted = self
            .outbox
            .count_event_name(self.event_names, self.workspace, (name, most));
        match counted.await? {
            EventName::TooMany if !is_wanted => {
                return Err(Stop::With(Verdict::Dropped("claim_of_unknown_event")));
            }
            EventName::New(count) if count > MOST_OF_BROWSERS => {
                self.warn(format!("event_names_running_out:{count} of {MOST}"));
            }
            // Intercom decides.
            EventName::TooMany | EventName::New(_) | EventName::Known => {}
        }
        Ok(())
    }

    async fn tell_event_to(
        &mut self,
        event: &EventWrite,
        contact: &str,
        second: i64,
    ) -> Progress<super::call::Answered<()>> {
        let event = EventWrite {
            created_at: second,
            id: Some(contact.to_owned()),
            user_id: None,
            email: None,
            ..event.clone()
        };
        self.reserve().await?;
        let asked = self
            .intercom
            .send_event(self.region, self.token, &event)
            .await;
        self.heard("POST", "/events".to_owned(), asked).await
    }
}

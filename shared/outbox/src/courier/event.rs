//! Telling what somebody did.

use intercom::rest::EventWrite;

use super::call::{failed, is_gone};
use super::{Courier, Progress, Stop, Telling, Verdict};
use crate::message::MessageKey;
use crate::person::slots::{Slot, SlotOf};

/// Contacts that are tried: one that is gone has a successor, at most.
const ROUNDS: usize = 3;

impl Courier<'_> {
    pub(super) async fn tell_event(
        &mut self,
        telling: &Telling<'_>,
        event: &EventWrite,
    ) -> Progress<()> {
        for _ in 0..ROUNDS {
            let contact = self.require_contact(telling).await?;
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

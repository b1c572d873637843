//! Telling what is known of a company, and who belongs to it.

use intercom::rest::{CompanyWrite, Model};
use serde_json::{Map, Value, json};

use super::call::{failed, is_gone};
use super::{Courier, Progress, Stop, Telling, Verdict};
use crate::person::marks::{self, Verdict as Judgement};
use crate::person::rows;
use crate::person::told::{Told, Turn};

impl Courier<'_> {
    pub(super) async fn tell_company(
        &mut self,
        telling: &Telling<'_>,
        company: &CompanyWrite,
        member: Option<bool>,
    ) -> Progress<()> {
        const ROUNDS: usize = 3;
        for _ in 0..ROUNDS {
            let is_leaving = member == Some(false);
            let is_claim = !telling.rules.trust.covers_others();
            let id = match is_leaving {
                true if is_claim => {
                    return Err(Stop::With(Verdict::Dropped("claim_of_leaving_company")));
                }
                // Nobody makes a company in order to leave it.
                true => None,
                false => Some(self.upsert_company(telling, company).await?),
            };
            let Some(member) = member else {
                return Ok(());
            };
            let contact = self.require_contact(telling).await?;
            if self
                .set_member(telling, &contact, (company, id.as_deref()), member)
                .await?
            {
                return Ok(());
            }
        }
        Err(Stop::With(Verdict::Unavailable))
    }

    /// Intercom's id of a company that is there.
    async fn known_company(&mut self, company: &CompanyWrite) -> Progress<Option<String>> {
        self.reserve().await?;
        let asked = self
            .intercom
            .find_company(self.region, self.token, &company.company_id)
            .await;
        let found = self.heard("GET", "/companies".to_owned(), asked).await?;
        match found {
            Ok(found) => Ok(found.map(|company| company.id)),
            Err(refusal) if is_gone(&refusal) => Ok(None),
            Err(refusal) => Err(failed(&refusal)),
        }
    }

    /// Tells what is new of a company; Intercom's id of it.
    async fn upsert_company(
        &mut self,
        telling: &Telling<'_>,
        company: &CompanyWrite,
    ) -> Progress<String> {
        let key = rows::company(
            self.outbox.organization,
            self.workspace,
            &company.company_id,
        );
        let mut told = match self.outbox.take_turn(&key, self.run, self.now()).await? {
            Turn::Ours(told) => told,
            Turn::Theirs(until) => return Err(Stop::With(Verdict::Busy(until))),
        };
        match self.upsert_in_turn(telling, company, &mut told).await {
            Ok(id) => match self.outbox.end_turn(&key, self.run, &told).await? {
                true => Ok(id),
                false => Err(Stop::With(Verdict::Busy(self.now()))),
            },
            Err(stop) => {
                self.outbox.give_turn_away(&key, self.run).await?;
                Err(stop)
            }
        }
    }

    async fn upsert_in_turn(
        &mut self,
        telling: &Telling<'_>,
        company: &CompanyWrite,
        told: &mut Told,
    ) -> Progress<String> {
        let stamp = Self::stamp(telling);
        let mut body = match serde_json::to_value(company) {
            Ok(Value::Object(body)) => body,
            _ => Map::new(),
        };
        body.remove("company_id");
        if !telling.rules.trust.covers_others() {
            self.leave_to_servers(telling, company, (&mut body, told))
                .await?;
        }
        let said = body.clone();
        let before = told.marks.clone();
        marks::keep(&mut body, |name, value| {
            before.judge(name, &stamp, value) == Judgement::New
        });
        let id = loop {
            self.leave_out_unusable(telling, Model::Company, &mut body);
            if let (true, Some(id)) = (body.is_empty(), &told.id) {
                break id.clone();
            }
            let mut write = body.clone();
            write.insert("company_id".to_owned(), json!(company.company_id));
            let write = serde_json::from_value(Value::Object(write)).unwrap_or_default();
            self.reserve().await?;
            let asked = self
                .intercom
                .upsert_company(self.region, self.token, &write)
                .await;
            match self.heard("POST", "/companies".to_owned(), asked).await? {
                Ok(company) => break company.id,
                Err(refusal) => {
                    if !self
                        .mend(telling, Model::Company, &refusal, &mut body)
                        .await?
                    {
                        return Err(failed(&refusal));
                    }
                }
            }
        };
        fail::fail_point!(crate::steps::COMPANY_TOLD);
        for (name, value) in marks::things(&said) {
            told.marks.note(&name, &stamp, value);
        }
        told.id = Some(id.clone());
        Ok(id)
    }

    /// Leaves out what only a server may say: of a company that is there, all but custom attributes that
    /// are not protected. A company belongs to many people, so anybody could change it for all of them.
    async fn leave_to_servers(
        &mut self,
        telling: &Telling<'_>,
        company: &CompanyWrite,
        (body, told): (&mut Map<String, Value>, &mut Told),
    ) -> Progress<()> {
        if told.id.is_none() {
            told.id = self.known_company(company).await?;
        }
        if told.id.is_some() {
            let before = body.len();
            body.retain(|name, _| name == "custom_attributes");
            if body.len() < before {
                self.warn("claim_of_known_company");
            }
        } else if !telling.rules.create_from_claims {
            return Err(Stop::With(Verdict::Dropped("claim_of_unknown_company")));
        }
        self.leave_out_protected(telling, body);
        Ok(())
    }

    /// Has a contact belong to a company, or not any more, unless something newer was said of that;
    /// `false` when contact or company turned out to be gone.
    async fn set_member(
        &mut self,
        telling: &Telling<'_>,
        contact: &str,
        (company, id): (&CompanyWrite, Option<&str>),
        is_member: bool,
    ) -> Progress<bool> {
        let key = rows::told(self.outbox.organization, self.workspace, contact);
        let mut told = match self.outbox.take_turn(&key, self.run, self.now()).await? {
            Turn::Ours(told) => told,
            Turn::Theirs(until) => return Err(Stop::With(Verdict::Busy(until))),
        };
        let stamp = Self::stamp(telling);
        let name = format!("company.{}", rows::short(&company.company_id));
        let value = json!(is_member);
        if told.marks.judge(&name, &stamp, &value) == Judgement::New {
            let asked = self
                .ask_for_member(telling, contact, (company, id), is_member)
                .await;
            match asked {
                Ok(true) => {}
                Ok(false) => {
                    self.outbox.give_turn_away(&key, self.run).await?;
                    return Ok(false);
                }
                Err(stop) => {
                    self.outbox.give_turn_away(&key, self.run).await?;
                    return Err(stop);
                }
            }
        }
        fail::fail_point!(crate::steps::MEMBER_SET);
        told.marks.note(&name, &stamp, &value);
        Ok(self.outbox.end_turn(&key, self.run, &told).await?)
    }

    async fn ask_for_member(
        &mut self,
        telling: &Telling<'_>,
        contact: &str,
        (company, id): (&CompanyWrite, Option<&str>),
        is_member: bool,
    ) -> Progress<bool> {
        let found = match id {
            Some(_) => None,
            None => self.known_company(company).await?,
        };
        let Some(id) = id.or(found.as_deref()) else {
            // Nobody belongs to what is not there: whoever is said to have joined before comes too late.
            return Ok(true);
        };
        self.reserve().await?;
        let path = format!("/contacts/{contact}/companies");
        let answered = match is_member {
            true => {
                let asked = self
                    .intercom
                    .attach_company(self.region, self.token, contact, id)
                    .await;
                self.heard("POST", path, asked).await?
            }
            false => {
                let asked = self
                    .intercom
                    .detach_company(self.region, self.token, contact, id)
                    .await;
                self.heard("DELETE", format!("{path}/{id}"), asked).await?
            }
        };
        let Err(refusal) = answered else {
            return Ok(true);
        };
        if !is_gone(&refusal) {
            return Err(failed(&refusal));
        }
        let is_company = refusal.code.as_deref() == Some("company_not_found");
        if !is_member && (is_company || refusal.status == http::StatusCode::NOT_FOUND) {
            // Who is not there does not belong to it.
            return Ok(true);
        }
        if is_company {
            let key = rows::company(
                self.outbox.organization,
                self.workspace,
                &company.company_id,
            );
            self.outbox.forget_told(&key).await?;
        } else {
            self.forget_gone(telling, contact, &refusal).await?;
        }
        Ok(false)
    }
}

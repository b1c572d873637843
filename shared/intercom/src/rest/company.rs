//! Companies, and who belongs to them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::contact::found;
use super::{Answer, Client, Done, Error, Request, Unreadable};
use crate::Region;
use crate::company::Company;
use crate::oauth::AccessToken;
use crate::write::CompanyWrite;

impl Client {
    /// Creates the company of this `company_id`, or changes what is said of it; which one it is.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn upsert_company(
        &self,
        region: Region,
        token: &AccessToken,
        company: &CompanyWrite,
    ) -> Result<Done<Company>, Error> {
        let request = Request::post("create or update a company", ["companies"]);
        let request = request.token(token).json(company);
        let answer = self.send(region, &request).await?;
        Ok(answer.done(read(&answer)?))
    }

    /// Finds a company by what the workspace itself calls it; `None` when there is none.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn find_company(
        &self,
        region: Region,
        token: &AccessToken,
        company_id: &str,
    ) -> Result<Done<Option<Company>>, Error> {
        let request = Request::get("find a company", ["companies"]).token(token);
        let request = request.query("company_id", company_id);
        let first = found(self.send(region, &request).await, first)?;
        Ok(first.map(Option::flatten))
    }

    /// Makes a contact belong to a company, by both their ids at Intercom. It may do so already.
    ///
    /// # Errors
    /// See [`Error`]; 404 with the code `company_not_found` when it is the company that is not there.
    pub async fn attach_company(
        &self,
        region: Region,
        token: &AccessToken,
        contact: &str,
        company: &str,
    ) -> Result<Done<()>, Error> {
        let path = ["contacts", contact, "companies"];
        let request = Request::post("attach a contact to a company", path).token(token);
        self.told(region, &request.json(&json!({ "id": company })))
            .await
    }

    /// Takes a contact out of a company, by both their ids at Intercom.
    ///
    /// # Errors
    /// See [`Error`]; 404 as for [`Client::attach_company`].
    pub async fn detach_company(
        &self,
        region: Region,
        token: &AccessToken,
        contact: &str,
        company: &str,
    ) -> Result<Done<()>, Error> {
        let path = ["contacts", contact, "companies", company];
        let request = Request::delete("detach a contact from a company", path).token(token);
        self.told(region, &request).await
    }
}

fn read(answer: &Answer) -> Result<Company, Error> {
    let company: Result<Company, _> = answer.json();
    company.map_err(|_| answer.unreadable(Unreadable::Missing("the company's id")))
}

/// The documentation speaks of one company, the description of a list: both are read.
fn first(answer: &Answer) -> Result<Option<Company>, Error> {
    let mut body = Value::Object(answer.json()?);
    let Value::Array(listed) = body["data"].take() else {
        return read(answer).map(Some);
    };
    let companies = listed.into_iter();
    let mut companies = companies.filter_map(|each| Company::deserialize(each).ok());
    Ok(companies.next())
}

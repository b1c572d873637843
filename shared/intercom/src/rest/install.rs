//! The calls of an installation's beginning and end.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Client, Error, Request, Unreadable};
use crate::installation::Health;
use crate::oauth::{AccessToken, App, Code};
use crate::{Region, lenient};

impl Client {
    /// Exchanges what a browser brought back for the token of its workspace.
    ///
    /// A code is good once, and a lost answer does not tell whether it was used. So this is sent again only
    /// when no connection came about, and after any error a new authorization is the only way on.
    ///
    /// # Errors
    /// See [`Error`]; a code that is wrong, used or too old is [`super::Advice::Reconnect`].
    pub async fn exchange(&self, app: &App, code: &Code) -> Result<AccessToken, Error> {
        let request = Request::post("exchange the code", ["auth", "eagle", "token"]).form(&[
            ("code", code.expose()),
            ("client_id", app.client_id()),
            ("client_secret", app.client_secret().expose()),
        ]);
        // Nobody knows the region yet; the US host serves the codes of all.
        token(&self.send(Region::Us, &request).await?)
    }

    /// Takes the app out of the workspace and ends the token's life. That it was dead already is as good.
    ///
    /// # Errors
    /// See [`Error`]: the token may then still be alive.
    pub async fn uninstall(&self, region: Region, token: &AccessToken) -> Result<(), Error> {
        let request = Request::post("uninstall the app", ["auth", "uninstall"])
            .token(token)
            .repeatable();
        match self.send(region, &request).await {
            Err(Error::Refused { refusal, .. }) if refusal.status == StatusCode::UNAUTHORIZED => {
                Ok(())
            }
            answer => answer.map(drop),
        }
    }

    /// Tells Intercom how the installation is, without being asked.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn push_health(
        &self,
        region: Region,
        token: &AccessToken,
        health: &Health,
    ) -> Result<(), Error> {
        let request = Request::post(
            "report the installation's health",
            ["app_install", "status"],
        )
        .token(token)
        .json(&json!(health))
        .repeatable();
        self.send(region, &request).await.map(drop)
    }
}

fn token(answer: &Answer) -> Result<AccessToken, Error> {
    /// Both fields hold the same.
    #[derive(Deserialize)]
    struct Body {
        #[serde(default, deserialize_with = "lenient::text")]
        access_token: Option<String>,
        #[serde(default, deserialize_with = "lenient::text")]
        token: Option<String>,
    }
    let body: Body = answer.json()?;
    body.access_token
        .or(body.token)
        .and_then(|text| AccessToken::parse(&text).ok())
        .ok_or_else(|| answer.unreadable(Unreadable::Missing("an access token")))
}

//! One accepted request on its way through an operation: who calls, with what, against which state.

use std::sync::Arc;

use axum::{
    body::Bytes,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::{Sqlite, SqliteConnection, pool::PoolConnection};

use crate::arn::{self, BotName, UserName};
use crate::clock::Timestamp;
use crate::error::ApiError;
use crate::operation::Operation;
use crate::query::Query;
use crate::scope::Scope;
use crate::settings::RateScope;
use crate::state::{State, Verdict};
use crate::storage::Work;
use crate::{constraints, twice};

/// A request whose signature is good and whose operation is known.
pub(crate) struct Call {
    pub(crate) state: Arc<State>,
    /// When it is made, if not now.
    pub(crate) time: Option<Timestamp>,
    pub(crate) operation: Operation,
    pub(crate) scope: Scope,
    pub(crate) labels: Vec<String>,
    pub(crate) query: Query,
    pub(crate) body: Bytes,
}

impl Call {
    /// The time to stamp resources with.
    pub(crate) fn now(&self) -> Timestamp {
        self.time.unwrap_or_else(|| self.state.clock.now())
    }

    /// A label of the path; routing has made as many as the operation has.
    pub(crate) fn label(&self, index: usize) -> &str {
        self.labels.get(index).map_or("", String::as_str)
    }

    /// The id of the app instance whose ARN is the first label.
    pub(crate) fn app_instance(&self) -> Result<String, ApiError> {
        arn::app_instance("appInstanceArn", self.label(0), &self.scope)
    }

    /// The id of the app instance whose ARN is in the query: lists of users and bots have it there.
    pub(crate) fn app_instance_in_query(&self) -> Result<String, ApiError> {
        let arn = constraints::required("appInstanceArn", self.query.get("app-instance-arn"))?;
        arn::app_instance("appInstanceArn", arn, &self.scope)
    }

    /// The user whose ARN is the first label.
    pub(crate) fn user(&self) -> Result<UserName, ApiError> {
        arn::user("appInstanceUserArn", self.label(0), &self.scope)
    }

    /// The bot whose ARN is the first label.
    pub(crate) fn bot(&self) -> Result<BotName, ApiError> {
        arn::bot("appInstanceBotArn", self.label(0), &self.scope)
    }

    /// A connection to read with.
    pub(crate) async fn read(&self) -> Result<PoolConnection<Sqlite>, ApiError> {
        self.state.store.read().await
    }

    /// Runs `work` in a transaction and returns after it is on disk; an error undoes all of it.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T> + Send + 'static,
    {
        self.state.store.write(work).await
    }

    /// Counts it against its rates and chooses its fault. `is_first` says whether it is the first with its token.
    pub(crate) fn admit(&self, is_first: bool) -> Result<Verdict, ApiError> {
        let resource = |per| self.counted_for(per);
        self.state
            .admit(self.operation, is_first, &self.scope, resource)
    }

    /// The client request token, whatever else is wrong with the body.
    pub(crate) fn client_request_token(&self) -> Option<String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Input {
            client_request_token: String,
        }
        let input: Option<Input> = serde_json::from_slice(&self.body).ok();
        Some(input?.client_request_token)
    }

    /// The ARN that a rate counts the call for, as far as the request names one; empty for the account.
    fn counted_for(&self, per: RateScope) -> String {
        let in_body = || match self.operation {
            Operation::CreateAppInstanceUser | Operation::CreateAppInstanceBot => {
                let body: Option<serde_json::Value> = serde_json::from_slice(&self.body).ok();
                Some(body?.get("AppInstanceArn")?.as_str()?.to_owned())
            }
            _ => None,
        };
        let arn = self
            .labels
            .first()
            .cloned()
            .or_else(|| self.query.get("app-instance-arn").map(str::to_owned))
            .or_else(in_body)
            .unwrap_or_default();
        match per {
            RateScope::Account => String::new(),
            RateScope::AppInstanceUser => arn,
            RateScope::AppInstance => arn.splitn(3, '/').take(2).collect::<Vec<_>>().join("/"),
        }
    }

    /// The body as the members of `T`, all of which are optional there.
    ///
    /// Unknown members are ignored and `null` means absent, as restJson1 asks; the rest of the model's rules are
    /// checked by the operation.
    pub(crate) fn input<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let body: &[u8] = if self.body.is_empty() {
            b"{}"
        } else {
            &self.body
        };
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(ApiError::bad_request("the body must be a JSON object"));
        }
        twice::refuse(body)?;
        serde_json::from_slice(body).map_err(|error| {
            // The text of a serde error may repeat the value, so only where and what kind are told.
            let kind = match error.classify() {
                serde_json::error::Category::Data => "a member of the body has the wrong type",
                _ => "the body is not valid JSON",
            };
            ApiError::bad_request(format!(
                "{kind}, at line {} column {}",
                error.line(),
                error.column()
            ))
        })
    }
}

/// What an operation answers when it succeeds.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    body: Option<Vec<u8>>,
}

impl Answer {
    pub(crate) fn ok(body: &impl Serialize) -> Result<Self, ApiError> {
        Self::with(StatusCode::OK, body)
    }

    pub(crate) fn created(body: &impl Serialize) -> Result<Self, ApiError> {
        Self::with(StatusCode::CREATED, body)
    }

    pub(crate) fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: None,
        }
    }

    fn with(status: StatusCode, body: &impl Serialize) -> Result<Self, ApiError> {
        let body = serde_json::to_vec(body).map_err(|error| {
            tracing::error!(error = %error, "an answer could not be written as JSON");
            ApiError::service_failure()
        })?;
        Ok(Self {
            status,
            body: Some(body),
        })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self.body {
            Some(body) => (
                self.status,
                [(header::CONTENT_TYPE, "application/json")],
                body,
            )
                .into_response(),
            None => self.status.into_response(),
        }
    }
}

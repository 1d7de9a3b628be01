//! The API for the program that holds the emulator: without HTTP and signature, and at a time of its choice, so that
//! data to look at can have a past.

use axum::{
    body::{Bytes, to_bytes},
    http::{Method, Uri},
    response::IntoResponse,
};
use serde_json::Value;

use crate::call::Call;
use crate::clock::Timestamp;
use crate::dispatch::dispatch;
use crate::emulator::Emulator;
use crate::error::ApiError;
use crate::query::Query;
use crate::scope::Scope;
use crate::state::State;
use crate::{endpoints, routing};

/// Larger than any answer.
const MAX_ANSWER: usize = 1024 * 1024;

/// A call that the API refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{exception}: {message}")]
pub struct Refused {
    /// The exception of the model.
    pub exception: String,
    /// Why, without the value.
    pub message: String,
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self {
            exception: error.exception,
            message: error.message,
        }
    }
}

impl Emulator {
    /// Answers a call of the API as it would have been answered at a time, in milliseconds since the Unix epoch.
    ///
    /// Every rule and quota holds; rates, latency and faults do not, and the statistics do not count it. An operation
    /// without an answer gives `Null`.
    pub fn call_at(
        &self,
        time: i64,
        region: &str,
        method: &Method,
        uri: &Uri,
        body: &Value,
    ) -> impl Future<Output = Result<Value, Refused>> + Send + use<> {
        let scope = Scope {
            account_id: self.state.account_id.clone(),
            region: region.to_owned(),
        };
        let body = if body.is_null() {
            Bytes::new()
        } else {
            body.to_string().into()
        };
        let routed = Query::parse(uri.query())
            .and_then(|query| Ok((routing::route(method, uri.path(), &query)?, query)));
        let state = self.state.clone();
        async move {
            let (route, query) = routed?;
            let call = Call {
                state,
                time: Some(Timestamp::at(time)),
                operation: route.operation,
                scope,
                labels: route.labels,
                query,
                body,
            };
            let answer = dispatch(call).await?.into_response();
            let body = to_bytes(answer.into_body(), MAX_ANSWER).await;
            let body = body.map_err(|_| ApiError::service_failure())?;
            if body.is_empty() {
                return Ok(Value::Null);
            }
            serde_json::from_slice(&body).map_err(|_| ApiError::service_failure().into())
        }
    }

    /// Sets the state of an endpoint, which only delivery would change: the status, and its reason while inactive.
    pub async fn set_endpoint_state(
        &self,
        endpoint_id: &str,
        status: &str,
        reason: Option<&str>,
    ) -> Result<(), Refused> {
        let state: &State = &self.state;
        let input = endpoints::StateInput {
            status: status.to_owned(),
            status_reason: reason.map(str::to_owned),
        };
        Ok(endpoints::set_state(state, endpoint_id.to_owned(), input).await?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::emulator::Config;

    async fn emulator() -> Emulator {
        Emulator::start(Config::in_memory("test", "test", "us-east-1"))
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn what_is_made_in_the_past_has_its_time() {
        let emulator = emulator().await;
        let call = async |method, uri: &str, body| {
            let uri = uri.parse().unwrap();
            emulator
                .call_at(1_700_000_000_000, "us-east-1", &method, &uri, &body)
                .await
        };

        let body = json!({ "Name": "Old", "ClientRequestToken": "t-1" });
        let made = call(Method::POST, "/app-instances", body).await.unwrap();
        let arn = made["AppInstanceArn"].as_str().unwrap().replace('/', "%2F");
        let uri = format!("/app-instances/{arn}");
        let found = call(Method::GET, &uri, Value::Null).await.unwrap();

        assert_eq!(found["AppInstance"]["CreatedTimestamp"], 1_700_000_000);
    }

    #[tokio::test]
    async fn the_rules_hold() {
        let emulator = emulator().await;
        let (method, uri) = (Method::POST, Uri::from_static("/app-instances"));

        let refused = emulator.call_at(0, "us-east-1", &method, &uri, &json!({ "Name": "" }));

        assert_eq!(refused.await.unwrap_err().exception, "BadRequestException");
    }
}

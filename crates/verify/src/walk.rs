//! Walks a service and an emulator side by side, and removes from the service everything that the
//! walk made.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use aws_credential_types::Credentials;
use emulator::{Config, Emulator, StartError};
use rustls::RootCertStore;
use uuid::Uuid;

use crate::compare::{Difference, differences, in_words};
use crate::known::Known;
use crate::report::{Finding, Outcome};
use crate::request::{Request, label};
use crate::script::{self, Step};
use crate::service::{Answer, Endpoint, NoEndpoint, Service};

/// Asks a walk to end. What was made is removed then, too.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks; the call in flight is finished.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What to walk, and with which credentials.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the service is.
    pub endpoint: Endpoint,
    /// The Region that calls are signed for.
    pub region: String,
    /// The credentials that calls are signed with.
    pub credentials: Credentials,
    /// The authorities whose certificates are trusted; those of the system when absent.
    pub trusted: Option<RootCertStore>,
    /// A Lex bot that exists; without one AWS may refuse to make a bot.
    pub lex_bot_alias: Option<String>,
    /// An application of Pinpoint that exists; without one AWS may refuse to register an endpoint.
    pub pinpoint_app: Option<String>,
}

/// Why no walk could begin.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// No TLS.
    #[error("no encrypted connection can be made")]
    Roots(#[from] std::io::Error),
    /// The emulator to compare with.
    #[error("the emulator to compare with does not start")]
    Emulator(#[from] StartError),
    /// Its address.
    #[error("the emulator to compare with has no address")]
    Address(#[from] NoEndpoint),
}

/// Makes every call of the script, and removes what was made, whatever happens in between.
pub async fn run(plan: Plan, stop: &Stop) -> Result<Outcome, VerifyError> {
    let region = plan.region.clone();
    let service = Service::new(plan.endpoint, region, plan.credentials, plan.trusted)?;
    let known = || {
        Known::new(
            &plan.region,
            plan.lex_bot_alias.clone(),
            plan.pinpoint_app.clone(),
        )
    };
    let (emulator, beside) = start_emulator(&plan.region).await?;
    let mut walk = Walk {
        service,
        emulator: beside,
        of_service: known(),
        of_emulator: known(),
        stop,
    };
    let findings = walk.take().await;
    let left = walk.remove().await;
    emulator.stop().await;
    Ok(Outcome {
        region: plan.region,
        planned: script::steps().len(),
        calls: walk.service.calls(),
        with_lex_bot: plan.lex_bot_alias.is_some(),
        with_pinpoint: plan.pinpoint_app.is_some(),
        findings,
        left,
    })
}

/// An emulator of our own, with a key that nobody else knows.
async fn start_emulator(region: &str) -> Result<(Emulator, Service), VerifyError> {
    let secret = || Uuid::new_v4().simple().to_string();
    let (id, key) = (secret(), secret());
    let config = Config {
        account_id: "000000000000".to_owned(),
        ..Config::in_memory(&id, &key, region)
    };
    let emulator = Emulator::start(config).await?;
    let endpoint = format!("http://{}", emulator.address()).parse()?;
    let credentials = Credentials::new(id, key, None, None, "verify");
    let service = Service::new(endpoint, region.to_owned(), credentials, None)?;
    Ok((emulator, service))
}

struct Walk<'a> {
    service: Service,
    emulator: Service,
    of_service: Known,
    of_emulator: Known,
    stop: &'a Stop,
}

impl Walk<'_> {
    async fn take(&mut self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (at, step) in script::steps().into_iter().enumerate() {
            if self.stop.is_asked() {
                break;
            }
            findings.push(self.step(&step).await);
            // Without an AppInstance there is nothing to walk in. When its answer was lost, the
            // second step tells whether it exists.
            let unsure = at == 0 && self.of_service.maybe_made;
            if self.of_service.nothing_was_made() && !unsure {
                break;
            }
        }
        findings
    }

    async fn step(&mut self, step: &Step) -> Finding {
        let request = (step.request)(&self.of_service);
        let theirs = self.service.ask(&request, self.stop).await;
        let saw = (step.learn)(&mut self.of_service, &theirs);
        let request = (step.request)(&self.of_emulator);
        // What is asked of the emulator costs nothing and is never cut short.
        let ours = self.emulator.ask(&request, &Stop::default()).await;
        let expected = (step.learn)(&mut self.of_emulator, &ours);
        let mut found = differences(&theirs, &ours, step.ignored);
        if found.is_empty() && saw != expected {
            found.push(Difference::Fact {
                service: saw.unwrap_or("nothing").to_owned(),
                emulator: expected.unwrap_or("nothing").to_owned(),
            });
        }
        Finding {
            operation: step.operation,
            tries: step.tries,
            answer: in_words(&theirs),
            differences: found,
        }
    }

    /// Removes what is left at the service; returns what could not be removed, for a person.
    async fn remove(&mut self) -> Vec<String> {
        // Being asked to stop is no reason to leave things behind.
        let never = Stop::default();
        let mut left = Vec::new();
        for arn in self.of_service.left.clone() {
            let path = format!("/app-instances/{}", label(&arn));
            let mut answer = self.delete(&path, &never).await;
            if !answer.is_success() {
                self.delete_members(&never).await;
                answer = self.delete(&path, &never).await;
            }
            if !answer.is_success() {
                left.push(format!("{arn} ({})", in_words(&answer)));
            }
        }
        if self.of_service.maybe_made {
            let name = &self.of_service.run;
            left.push(format!(
                "maybe an AppInstance named {name}, whose creation had no answer"
            ));
        }
        left
    }

    /// Deletes what could keep an AppInstance from being deleted. A member that does not exist is
    /// answered as such, which does no harm.
    async fn delete_members(&self, never: &Stop) {
        let known = &self.of_service;
        let user = format!("/app-instance-users/{}", label(&known.user));
        let instance = format!("/app-instances/{}", label(&known.instance));
        for target in [
            format!("{user}/endpoints/{}", label(&known.endpoint)),
            format!("{instance}/admins/{}", label(&known.user)),
            format!("/app-instance-bots/{}", label(&known.bot)),
            user,
        ] {
            self.delete(&target, never).await;
        }
    }

    async fn delete(&self, target: &str, never: &Stop) -> Answer {
        self.service.ask(&Request::delete(target), never).await
    }
}

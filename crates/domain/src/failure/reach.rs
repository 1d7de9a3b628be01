//! Why AWS could not be asked, or refused the server: no connection, or no credentials that it
//! accepts. Closed like its parent: what a network or AWS wrote about it is never shown.

use serde::{Deserialize, Serialize};

/// Why no connection to AWS was made, so that no byte of a request left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoConnection {
    /// The name of the endpoint has no address.
    Name,
    /// Nothing takes connections at the endpoint.
    Refused,
    /// No route leads to the endpoint.
    Unreachable,
    /// Nobody answered in time.
    Silent,
    /// The certificate of the endpoint comes from an authority that this server does not trust.
    Untrusted,
    /// The certificate of the endpoint is not valid at this time.
    OutOfDate,
    /// The certificate of the endpoint is for another name.
    OtherName,
    /// The two could not agree on encryption.
    Encryption,
    /// The proxy could not be used, or did not let it through.
    Proxy,
    /// Another reason, which is in the log.
    Other,
}

impl NoConnection {
    /// Every reason.
    pub const ALL: &[Self] = &[
        Self::Name,
        Self::Refused,
        Self::Unreachable,
        Self::Silent,
        Self::Untrusted,
        Self::OutOfDate,
        Self::OtherName,
        Self::Encryption,
        Self::Proxy,
        Self::Other,
    ];

    /// A word for logs, metrics and the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "no-connection-name",
            Self::Refused => "no-connection-refused",
            Self::Unreachable => "no-connection-unreachable",
            Self::Silent => "no-connection-silent",
            Self::Untrusted => "no-connection-untrusted",
            Self::OutOfDate => "no-connection-out-of-date",
            Self::OtherName => "no-connection-other-name",
            Self::Encryption => "no-connection-encryption",
            Self::Proxy => "no-connection-proxy",
            Self::Other => "no-connection",
        }
    }

    /// What happened, in a few words.
    pub const fn headline(self) -> &'static str {
        match self {
            Self::Name => "No connection to AWS: the name was not found",
            Self::Refused => "No connection to AWS: it was refused",
            Self::Unreachable => "No connection to AWS: there is no route to it",
            Self::Silent => "No connection to AWS: nobody answered",
            Self::Untrusted => "No connection to AWS: its certificate is not trusted",
            Self::OutOfDate => "No connection to AWS: its certificate is not valid now",
            Self::OtherName => "No connection to AWS: its certificate is for another name",
            Self::Encryption => "No connection to AWS: no encryption was agreed on",
            Self::Proxy => "No connection to AWS: the proxy did not make one",
            Self::Other => "No connection to AWS could be made",
        }
    }

    /// What to do about it.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::Name => {
                "Try again in a moment. If this goes on, an Admin must check the server’s name \
                 resolution, and the Region and --endpoint-url that it was started with."
            }
            Self::Refused => {
                "Try again in a moment. If this goes on, an Admin must check that something listens at \
                 the endpoint, and that no firewall is in between."
            }
            Self::Unreachable => {
                "Try again in a moment. If this goes on, an Admin must check the server’s network and \
                 its way out."
            }
            Self::Silent => {
                "Try again in a moment. If this goes on, an Admin must check for a firewall that drops \
                 what the server sends, and whether a proxy is needed (HTTPS_PROXY)."
            }
            Self::Untrusted => {
                "An Admin must name the authority that issued it in a file, with AWS_CA_BUNDLE. A \
                 proxy that looks into what is encrypted is the usual reason."
            }
            Self::OutOfDate => {
                "An Admin must check the server’s clock first; if that is right, whoever runs the \
                 endpoint has to renew its certificate."
            }
            Self::OtherName => {
                "An Admin must check --endpoint-url: the certificate has to be for the name in it."
            }
            Self::Encryption => {
                "An Admin must check --endpoint-url: whether the endpoint encrypts at all (https or \
                 http), and speaks TLS 1.2 or 1.3."
            }
            Self::Proxy => {
                "An Admin must check HTTPS_PROXY, the name and password in it, and whether the proxy \
                 lets the server reach AWS. NO_PROXY names what is reached without one."
            }
            Self::Other => {
                "Try again in a moment. If this goes on, the server’s log has the reason."
            }
        }
    }
}

/// Why AWS did not accept the credentials of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CredentialsProblem {
    /// They have expired.
    Expired,
    /// The signature has another time than AWS has; by how many seconds this server's clock is
    /// ahead, where the answer told.
    Clock(Option<i64>),
    /// AWS does not know the key, or the secret does not belong to it.
    Refused,
    /// There are none, or the source that should give them did not.
    Missing,
}

impl CredentialsProblem {
    /// A word for logs, metrics and the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expired => "aws-credentials-expired",
            Self::Clock(_) => "aws-clock",
            Self::Refused => "aws-credentials",
            Self::Missing => "aws-credentials-missing",
        }
    }

    /// What happened, in a few words.
    pub const fn headline(self) -> &'static str {
        match self {
            Self::Expired => "The server’s AWS credentials have expired",
            Self::Clock(_) => "The server’s clock differs from that of AWS",
            Self::Refused => "The server’s AWS credentials were not accepted",
            Self::Missing => "The server has no AWS credentials",
        }
    }

    /// What to do about it.
    pub fn next_step(self) -> String {
        match self {
            Self::Expired => {
                "An Admin must give the server new ones: session tokens last for hours and are not \
                 renewed when they stand in the environment or in a file. Those of a role are."
            }
            Self::Clock(ahead) => return set_the_clock(ahead),
            Self::Refused => {
                "An Admin must check the access key and its secret that the server was started \
                 with, and that the account uses the Region."
            }
            Self::Missing => {
                "An Admin must give it some: variables, a profile, or a role of the machine or \
                 container. If there are some, the server’s log says why they could not be read."
            }
        }
        .to_owned()
    }
}

fn set_the_clock(ahead: Option<i64>) -> String {
    let step = "An Admin must set it, best by a time service (NTP): AWS accepts a clock that \
                is at most five minutes off.";
    let Some(ahead) = ahead.filter(|ahead| *ahead != 0) else {
        return step.to_owned();
    };
    let by = match ahead.unsigned_abs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    };
    let way = if ahead > 0 { "ahead" } else { "behind" };
    format!("It is {by} {way}. {step}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_reason_has_its_own_word_headline_and_step() {
        let all = NoConnection::ALL;
        let codes: HashSet<_> = all.iter().map(|reason| reason.code()).collect();
        let headlines: HashSet<_> = all.iter().map(|reason| reason.headline()).collect();
        let steps: HashSet<_> = all.iter().map(|reason| reason.next_step()).collect();

        let count = all.len();
        assert_eq!(
            (codes.len(), headlines.len(), steps.len()),
            (count, count, count)
        );
    }

    #[test]
    fn each_problem_with_credentials_has_its_own_next_step() {
        let problems = [
            CredentialsProblem::Expired,
            CredentialsProblem::Clock(None),
            CredentialsProblem::Refused,
            CredentialsProblem::Missing,
        ];

        let codes: HashSet<_> = problems.map(CredentialsProblem::code).into();
        let headlines: HashSet<_> = problems.map(CredentialsProblem::headline).into();
        let steps: HashSet<_> = problems.map(CredentialsProblem::next_step).into();

        assert_eq!((codes.len(), headlines.len(), steps.len()), (4, 4, 4));
    }

    #[test]
    fn a_clock_that_is_wrong_is_told_by_how_much() {
        let step = |ahead| CredentialsProblem::Clock(ahead).next_step();

        assert!(step(Some(-480)).starts_with("It is 8 min behind. "));
        assert!(step(Some(90)).starts_with("It is 90 s ahead. "));
        assert!(step(Some(90_000)).starts_with("It is 25 h ahead. "));
        assert!(step(Some(0)).starts_with("An Admin"));
        assert!(step(None).starts_with("An Admin"));
    }
}

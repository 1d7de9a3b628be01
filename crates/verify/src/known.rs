//! What a walk knows of the service: what it has made there, and what it still has to remove.

use uuid::Uuid;

/// Ids that nobody has.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// What later requests are made of. Until a thing is made, an ARN that leads nowhere stands in its
/// place.
pub(crate) struct Known {
    /// A text that is in the names and tokens of this walk and of no other.
    pub(crate) run: String,
    pub(crate) region: String,
    pub(crate) account: String,
    pub(crate) instance: String,
    pub(crate) user: String,
    pub(crate) bot: String,
    pub(crate) endpoint: String,
    pub(crate) next_token: String,
    pub(crate) lex_bot_alias: Option<String>,
    pub(crate) pinpoint_app: Option<String>,
    /// The ARNs of AppInstances that were made and are not known to be removed.
    pub(crate) left: Vec<String>,
    /// Whether an AppInstance may have been made although no answer told its ARN.
    pub(crate) maybe_made: bool,
}

impl Known {
    /// The id of an endpoint that is not there.
    pub(crate) const NO_ENDPOINT: &'static str = NOBODY;

    pub(crate) fn new(
        region: &str,
        lex_bot_alias: Option<String>,
        pinpoint_app: Option<String>,
    ) -> Self {
        let account = "000000000000".to_owned();
        let instance = format!("arn:aws:chime:{region}:{account}:app-instance/{NOBODY}");
        Self {
            run: format!("carillon-verify-{}", Uuid::new_v4().simple()),
            region: region.to_owned(),
            user: format!("{instance}/user/nobody"),
            bot: format!("{instance}/bot/{NOBODY}"),
            endpoint: NOBODY.to_owned(),
            next_token: "none".to_owned(),
            account,
            instance,
            lex_bot_alias,
            pinpoint_app,
            left: Vec::new(),
            maybe_made: false,
        }
    }

    /// An AppInstance that was made.
    pub(crate) fn made(&mut self, arn: &str) {
        self.maybe_made = false;
        if let Some(account) = arn.split(':').nth(4) {
            account.clone_into(&mut self.account);
        }
        arn.clone_into(&mut self.instance);
        if !self.left.iter().any(|left| left == arn) {
            self.left.push(arn.to_owned());
        }
    }

    /// Whether the AppInstance is still the one that leads nowhere.
    pub(crate) fn nothing_was_made(&self) -> bool {
        self.instance == self.no_instance()
    }

    /// A ClientRequestToken of this walk.
    pub(crate) fn token(&self, word: &str) -> String {
        let run = self.run.rsplit('-').next().unwrap_or_default();
        format!("{word}-{run}")
    }

    /// The ARN of an AppInstance that is not there.
    pub(crate) fn no_instance(&self) -> String {
        format!(
            "arn:aws:chime:{}:{}:app-instance/{NOBODY}",
            self.region, self.account
        )
    }

    /// The ARN of a user of the AppInstance who may be there or not.
    pub(crate) fn user_named(&self, id: &str) -> String {
        format!("{}/user/{id}", self.instance)
    }

    /// The ARN of a bot that is not there.
    pub(crate) fn no_bot(&self) -> String {
        format!("{}/bot/{NOBODY}", self.instance)
    }

    /// The alias of a Lex bot: the one that was named, or one that nobody has.
    pub(crate) fn alias(&self) -> String {
        self.lex_bot_alias.clone().unwrap_or_else(|| {
            let (region, account) = (&self.region, &self.account);
            format!("arn:aws:lex:{region}:{account}:bot-alias/ABCDEFGHIJ/KLMNOPQRST")
        })
    }

    /// The application of Pinpoint: the one that was named, or one that nobody has.
    pub(crate) fn application(&self) -> String {
        self.pinpoint_app.clone().unwrap_or_else(|| {
            let (region, account) = (&self.region, &self.account);
            format!(
                "arn:aws:mobiletargeting:{region}:{account}:apps/0123456789abcdef0123456789abcdef"
            )
        })
    }
}

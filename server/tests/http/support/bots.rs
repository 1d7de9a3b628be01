//! Bots, made through the form of the dashboard.

use super::{Browser, arn, changed, target, token};

/// The Lex bot behind them.
pub const LEX: &str = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST";

/// What the form of a bot sends, with some fields replaced or added.
pub fn bot_fields<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let fields = [
        ("name", "Helper"),
        ("metadata", ""),
        ("lex_bot_alias_arn", LEX),
        ("locale_id", "en_US"),
        ("welcome_intent", ""),
        ("standard_messages", "AUTO"),
        ("targeted_messages", "ALL"),
    ];
    changed(&fields, changes)
}

impl Browser {
    /// Makes a bot of an AppInstance, and answers the path of its page.
    pub async fn make_bot(&self, instance: &str, changes: &[(&str, &str)]) -> String {
        let (instance, token) = (arn(instance), token());
        let place = [("target", &*target(&instance)), ("token", &*token)];
        let fields = [&place[..], &bot_fields(changes)].concat();
        let made = self.post("/api/bots/create", &fields).await;
        made.location().to_owned()
    }
}

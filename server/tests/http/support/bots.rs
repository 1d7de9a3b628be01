//! Bots, made through the form of the dashboard.

use super::{Browser, arn, target, token};

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
    let replaced = |(name, value): (&'a str, &'a str)| {
        let change = changes.iter().find(|(other, _)| *other == name);
        (name, change.map_or(value, |(_, value)| value))
    };
    let known = |name: &str| fields.iter().any(|(other, _)| *other == name);
    let more = changes.iter().filter(|(name, _)| !known(name)).copied();
    fields.into_iter().map(replaced).chain(more).collect()
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

//! A user as it was before it was deleted, from what the audit kept.

use serde_json::Value;

use super::{Change, Expires, Why};
use crate::name::{Metadata, UserName};
use crate::settings::Days;
use crate::tag::Tags;

/// What makes a user again, from the values that its delete replaced: name, metadata, tags, the days of
/// its expiration, which count anew, and the admin's role. Memberships and messages are no part of this
/// API, and endpoints cannot be registered without their tokens, which nobody kept.
pub fn bring_back(before: &Value) -> Result<Change, Why> {
    let text = |member: &str| before[member].as_str().unwrap_or_default();
    let days = before["ExpirationSettings"]["ExpirationDays"].as_u64();
    let days = days.and_then(|days| Days::try_from(u32::try_from(days).ok()?).ok());
    let tags = before["Tags"].as_array().into_iter().flatten();
    let pair = |tag: &Value| {
        Some((
            tag["Key"].as_str()?.to_owned(),
            tag["Value"].as_str()?.to_owned(),
        ))
    };
    Ok(Change::Put {
        name: Some(UserName::parse(text("Name")).map_err(|_| Why::NameBreaksRule)?),
        metadata: Some(Metadata::parse(text("Metadata")).map_err(|_| Why::MetadataBreaksRule)?),
        expires: days.map(Expires::After),
        // What AWS keeps for itself, it sets itself.
        tags: Tags::from_service(
            tags.filter_map(pair)
                .filter(|(key, _)| !key.starts_with("aws:")),
        ),
        admin: before["IsAdmin"] == true,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_user_is_made_as_it_was() {
        let before = json!({
            "Name": "Alice", "Metadata": "m", "IsAdmin": true, "Endpoints": [{ "EndpointId": "e-1" }],
            "ExpirationSettings": { "ExpirationDays": 30, "ExpirationCriterion": "CREATED_TIMESTAMP" },
            "Tags": [{ "Key": "env", "Value": "prod" }, { "Key": "aws:x", "Value": "y" }],
        });
        let Ok(Change::Put {
            name,
            metadata,
            expires,
            tags,
            admin,
        }) = bring_back(&before)
        else {
            panic!("not a user");
        };
        assert_eq!(
            (name.unwrap().as_str(), metadata.unwrap().as_str()),
            ("Alice", "m")
        );
        assert_eq!(expires, Some(Expires::After("30".parse().unwrap())));
        assert_eq!((tags.len(), admin), (1, true));
    }

    #[test]
    fn what_has_no_name_that_can_be_set_is_told() {
        assert_eq!(bring_back(&json!({ "Name": "" })), Err(Why::NameBreaksRule));
        assert_eq!(bring_back(&Value::Null), Err(Why::NameBreaksRule));
        let plain = bring_back(&json!({ "Name": "A", "ExpirationSettings": null }));
        assert!(matches!(
            plain,
            Ok(Change::Put {
                expires: None,
                admin: false,
                ..
            })
        ));
    }
}

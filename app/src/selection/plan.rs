//! Making a plan for a selection: a job with exactly its rows. Nothing is sent but reads.

#![expect(
    clippy::too_many_arguments,
    reason = "the arguments of a server function are the fields of its form"
)]

use backend::jobs::{NewJob, Owner, Row, Wanted};
use domain::import::Expires;
use domain::name::{Metadata, UserName};
use domain::plan::Change;
use domain::problem::Check;
use domain::settings::{AllowMessages, Days};
use domain::tag::{TagRow, Tags};
use domain::{Cause, Failure, Field, FieldProblem, Problem};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::{Action, List, Of};
use crate::request::{Done, Flash, Request};
use crate::{metadata, paths, tags};

/// Makes a plan for what the one who asks ticked in a list, and forgets the selection.
#[server(prefix = "/api", endpoint = "selection/plan")]
pub async fn plan_selection(
    target: Of,
    list: String,
    act: String,
    #[server(default)] name: String,
    #[server(default)] metadata: String,
    #[server(default)] no_metadata: bool,
    #[server(default)] expiration_days: String,
    #[server(default)] tag_key: Vec<String>,
    #[server(default)] tag_value: Vec<String>,
    #[server(default)] tag_keys: String,
    #[server(default)] allow_messages: String,
) -> Result<Done, Failure> {
    let request = target.request();
    let list = List::named(&list, target)?;
    list.stay_inside(&request)?;
    let connection = request.acting()?.connection.clone();
    let action = Action::named(&list, &act).ok_or(Cause::Outdated)?;
    let (caller, jobs) = (request.caller()?, request.backend().jobs());
    let may_plan = jobs.may_plan(caller, action.kind(), &connection, list.around());
    may_plan.await?;
    let typed = Typed {
        name,
        metadata,
        no_metadata,
        days: expiration_days,
        rows: tags::rows(tag_key, tag_value),
        keys: tag_keys,
        allow: allow_messages,
    };
    let (change, input) = typed.change(action)?;
    let kept = list.kept(&request).await?;
    let subjects: Vec<_> = kept.iter().filter_map(|row| list.subject(row)).collect();
    if subjects.is_empty() {
        return nothing_selected(&request, list.path(&connection)).await;
    }
    let new = NewJob {
        kind: action.kind(),
        connection: &connection,
        around: list.around(),
        owner: Owner::from(caller),
        origin: request.origin(),
        input,
        source: None,
    };
    let mut making = jobs.make(new).await?;
    for subject in subjects {
        let wanted = Wanted::Change(subject, change.clone());
        if let Err(failure) = making.add(Row { line: None, wanted }).await {
            making.give_up().await;
            return Err(failure);
        }
    }
    let job = making.finish().await?;
    // The plan is made: that it is still ticked is no reason to say that it is not.
    let (selections, key) = (request.backend().selections(), list.key(&connection));
    let _ = selections.clear(&caller.operator, &key).await;
    Ok(Done {
        location: paths::job(&job),
    })
}

/// A selection is kept for an hour, and a plan takes it.
async fn nothing_selected(request: &Request, location: String) -> Result<Done, Failure> {
    let flash = Flash {
        headline: "Nothing is selected any more".to_owned(),
        detail: "No plan was made. A selection is forgotten after an hour, or when a plan was made of it.".to_owned(),
        warning: true,
        next: None,
    };
    request.flash(flash).await;
    Ok(Done { location })
}

/// What was typed into the form.
#[derive(Default)]
struct Typed {
    name: String,
    metadata: String,
    no_metadata: bool,
    days: String,
    rows: Vec<TagRow>,
    keys: String,
    allow: String,
}

impl Typed {
    /// What is wanted of each row, and the same as the API names it, for people to read.
    fn change(&self, action: Action) -> Result<(Change, Value), Failure> {
        let of = |field| move |problem| Failure::from(FieldProblem { field, problem });
        Ok(match action {
            Action::Update => return self.update(),
            Action::SetExpiration => {
                let days: Days = self.days.trim().parse().map_err(of(Field::ExpireAfter))?;
                let input = json!({ "ExpirationDays": days.get() });
                (Change::Expire(Expires::After(days)), input)
            }
            Action::ClearExpiration => {
                let input = json!({ "ExpirationSettings": null });
                (Change::Expire(Expires::Never), input)
            }
            Action::Tag => {
                let tags = Tags::parse(&self.rows).map_err(of(Field::Tags))?;
                if tags.is_empty() {
                    return Err(of(Field::Tags)(Problem::Empty));
                }
                let input = json!({ "Tags": tags });
                (Change::Tag(tags), input)
            }
            Action::Untag => {
                let keys = keys(&self.keys).map_err(of(Field::TagKeys))?;
                let input = json!({ "TagKeys": keys });
                (Change::Untag(keys), input)
            }
            Action::Promote => (Change::Promote, Value::Null),
            Action::Demote => (Change::Demote, Value::Null),
            Action::Delete => (Change::Delete, Value::Null),
            Action::Deregister => (Change::Deregister, Value::Null),
            Action::AllowMessages => {
                let mut all = AllowMessages::ALL.iter().copied();
                let chosen = all.find(|allow| allow.as_str() == self.allow);
                let allow = chosen.ok_or_else(|| of(Field::AllowMessages)(Problem::NotAChoice))?;
                let input = json!({ "AllowMessages": allow.as_str() });
                (Change::Allow(allow), input)
            }
        })
    }

    /// A new name, new metadata or both; what is empty stays as it is.
    fn update(&self) -> Result<(Change, Value), Failure> {
        let mut check = Check::default();
        let name = match &*self.name {
            "" => Some(None),
            name => check.field(Field::Name, UserName::parse(name)).map(Some),
        };
        let metadata = match (&*self.metadata, self.no_metadata) {
            ("", false) => Some(None),
            ("", true) => Some(Some(Metadata::default())),
            (_, true) => check.field(Field::Metadata, Err(Problem::TakenAway)),
            (typed, false) => metadata::read(typed, "", &mut check).map(Some),
        };
        if name == Some(None) && metadata == Some(None) {
            check.add(Field::Name, Problem::NothingChosen);
        }
        let (name, metadata) = check.all((name, metadata))?;
        let input = json!({ "Name": name, "Metadata": metadata });
        Ok((Change::Update { name, metadata }, input))
    }
}

/// Keys of tags, one a line. They keep the rules of new tags.
fn keys(typed: &str) -> Result<Vec<String>, Problem> {
    let lines = typed.lines().map(str::trim).filter(|key| !key.is_empty());
    let row = |key: &str| TagRow {
        key: key.to_owned(),
        value: "-".to_owned(),
    };
    let tags = Tags::parse(&lines.map(row).collect::<Vec<_>>())?;
    if tags.is_empty() {
        return Err(Problem::Empty);
    }
    Ok(tags.iter().map(|tag| tag.key().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_one_a_line() {
        assert_eq!(
            keys(" team \r\n\nsite\n"),
            Ok(vec!["site".into(), "team".into()])
        );
        assert_eq!(keys(" \n"), Err(Problem::Empty));
        assert!(keys("aws:owner").is_err());
    }

    #[test]
    fn what_is_left_empty_stays_and_metadata_is_taken_away_only_when_that_is_ticked() {
        let typed = |name: &str, metadata: &str, no_metadata| Typed {
            name: name.to_owned(),
            metadata: metadata.to_owned(),
            no_metadata,
            ..Typed::default()
        };
        let of = |typed: Typed| typed.change(Action::Update).unwrap();
        let (change, input) = of(typed("", "", true));
        let gone = Change::Update {
            name: None,
            metadata: Some(Metadata::default()),
        };
        assert_eq!(change, gone);
        assert_eq!(input, json!({ "Name": null, "Metadata": "" }));
        let (change, _) = of(typed("Ann", "", false));
        assert!(matches!(
            change,
            Change::Update {
                name: Some(_),
                metadata: None
            }
        ));

        let both = typed("", "m", true).change(Action::Update).unwrap_err();
        let both = &both.field_problems()[0];
        assert_eq!(
            (both.field, &both.problem),
            (Field::Metadata, &Problem::TakenAway)
        );
    }

    #[test]
    fn what_is_missing_is_told_at_its_field() {
        for (action, field) in [
            (Action::Update, Field::Name),
            (Action::SetExpiration, Field::ExpireAfter),
            (Action::Tag, Field::Tags),
            (Action::Untag, Field::TagKeys),
            (Action::AllowMessages, Field::AllowMessages),
        ] {
            let failure = Typed::default().change(action).unwrap_err();
            assert_eq!(failure.field_problems()[0].field, field, "{action:?}");
        }
    }
}

//! What an operator's role can cover, to be ticked: connections, Regions, and AppInstances by their
//! names. What is covered already stays, also where it cannot be listed.

use backend::Connection;
use domain::arn::AppInstanceArn;
use domain::grant::Limit;
use domain::{ConnectionId, Field, Region};

use crate::find::{self, End};
use crate::form::{Control, FIND, FormSpec, Tick, Ticks};
use crate::request::Request;
use crate::ui::parts::short_id;

/// Fills in what can be ticked, once it is known what was.
pub(super) async fn offer(request: &Request, mut spec: FormSpec) -> FormSpec {
    let ticked = spec.value_of(Field::Limit).to_owned();
    let (search, again) = typed(request).await;
    let looked = find::by_name(request, &search, again.as_deref()).await;
    let mut ticks = Ticks {
        choices: places(request.connection()),
        search,
        ..Ticks::default()
    };
    for looked in &looked {
        ticks.facts.push(looked.words());
        if let End::More(cursor) = &looked.end {
            ticks.further.push((looked.region, cursor.clone()));
        }
    }
    for row in looked.into_iter().flat_map(|looked| looked.found) {
        if let Some(arn) = row.arn.known() {
            let connection = &request.connection().id;
            ticks.choices.push(of_instance(connection, arn, row.name));
        }
    }
    // Those that are gone, or that no list has shown.
    for line in ticked.lines() {
        if ticks.choices.iter().all(|tick| tick.value != line) {
            ticks.choices.push(unlisted(request, line));
        }
    }
    for field in &mut spec.fields {
        if field.field == Field::Limit {
            field.control = Control::Ticks(ticks);
            break;
        }
    }
    spec
}

/// What was searched for, and the cursor to look on from.
async fn typed(request: &Request) -> (String, Option<String>) {
    let draft = request.draft().await;
    let of = |name: &str| {
        let fields = draft.as_ref().map(|draft| draft.fields.iter());
        let found = fields.into_iter().flatten().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    };
    (of(FIND).unwrap_or_default(), of("again"))
}

/// The connection and its Regions.
fn places(connection: &Connection) -> Vec<Tick> {
    let whole = Tick {
        value: connection.id.to_string(),
        name: format!("All of {}", connection.label),
        note: "every Region and AppInstance, including what is created later".to_owned(),
    };
    let region = |region: &Region| Tick {
        value: format!("{}/{region}", connection.id),
        name: format!("All of {region}"),
        note: "including what is created later".to_owned(),
    };
    let regions = connection.regions.iter().map(region);
    std::iter::once(whole).chain(regions).collect()
}

fn of_instance(connection: &ConnectionId, arn: &AppInstanceArn, name: String) -> Tick {
    Tick {
        value: connection.target(arn).to_string(),
        name,
        note: format!("{}, {}", arn.region(), arn.id()),
    }
}

/// A limit that nothing has listed just now.
fn unlisted(request: &Request, line: &str) -> Tick {
    match line.parse() {
        Ok(Limit::AppInstance(connection, arn)) => {
            let name = request.backend().names().get(&arn);
            let name = name.unwrap_or_else(|| short_id(arn.id()));
            let connection = connection.unwrap_or_else(|| request.connection().id.clone());
            of_instance(&connection, &arn, name)
        }
        Ok(Limit::Connection(connection)) => elsewhere(line, &connection),
        Ok(Limit::Region(connection, region)) => Tick {
            name: format!("All of {region}"),
            ..elsewhere(line, &connection)
        },
        Err(_) => Tick {
            value: line.to_owned(),
            name: line.to_owned(),
            note: String::new(),
        },
    }
}

fn elsewhere(line: &str, connection: &ConnectionId) -> Tick {
    Tick {
        value: line.to_owned(),
        name: format!("All of {connection}"),
        note: "no longer in this console".to_owned(),
    }
}

//! What is held, for whom, and what makes room.

use domain::Operation;

use super::*;
use crate::walk::Trail;

/// Holds several values of one owner, and answers their ids.
async fn put_many<T>(
    held: &Handover<T>,
    owner: &str,
    values: impl IntoIterator<Item = T>,
) -> Vec<String>
where
    T: Clone + Serialize + DeserializeOwned,
{
    let mut ids = Vec::new();
    for value in values {
        ids.push(held.put(owner, value).await.unwrap());
    }
    ids
}

fn handover() -> (Clock, Handover<u32>) {
    let clock = Clock::fixed(Timestamp(0));
    (clock.clone(), Handover::new(clock, Bounds::FEW))
}

#[tokio::test]
async fn a_value_is_its_owners_alone() {
    let (_clock, held) = handover();
    let id = held.put("alice", 7).await.unwrap();
    assert_eq!(held.get("bob", &id).await.unwrap(), None);
    assert_eq!(held.take("bob", &id).await.unwrap(), None);
    assert_eq!(held.get("alice", &id).await.unwrap(), Some(7));
    assert_eq!(held.take("alice", &id).await.unwrap(), Some(7));
    assert_eq!(held.get("alice", &id).await.unwrap(), None);
}

#[tokio::test]
async fn a_value_is_held_for_an_hour() {
    let (clock, held) = handover();
    let id = held.put("alice", 7).await.unwrap();
    clock.advance(LIFETIME - 1);
    assert_eq!(held.get("alice", &id).await.unwrap(), Some(7));
    clock.advance(1);
    assert_eq!(held.get("alice", &id).await.unwrap(), None);
    assert_eq!(held.take("alice", &id).await.unwrap(), None);
}

#[tokio::test]
async fn one_who_puts_much_pushes_out_their_own() {
    let (_clock, held) = handover();
    let hers = held.put("alice", 7).await.unwrap();
    let his = put_many(&held, "mallory", 0..1100).await;
    assert_eq!(held.get("alice", &hers).await.unwrap(), Some(7));
    assert_eq!(held.get("mallory", &his[1089]).await.unwrap(), None);
    assert_eq!(held.get("mallory", &his[1090]).await.unwrap(), Some(1090));
    let inner = held.lock();
    assert_eq!(inner.values.len(), 1 + Bounds::FEW.each);
    assert!(inner.order.len() < 100, "{}", inner.order.len());
}

#[tokio::test]
async fn many_owners_push_out_who_has_most_and_then_the_oldest() {
    let (_clock, held) = handover();
    let hers = held.put("alice", 1).await.unwrap();
    let his = put_many(&held, "mallory", 0..5).await;
    let mut others = Vec::new();
    for n in 0..994 {
        let owner = n.to_string();
        let id = held.put(&owner, n).await.unwrap();
        others.push((owner, id));
    }

    held.put("one more", 0).await.unwrap();
    assert_eq!(held.get("mallory", &his[0]).await.unwrap(), None);
    assert_eq!(held.get("alice", &hers).await.unwrap(), Some(1));
    for more in 0..4 {
        held.put(&format!("more {more}"), 0).await.unwrap();
    }

    assert_eq!(held.get("mallory", &his[3]).await.unwrap(), None);
    assert_eq!(held.get("mallory", &his[4]).await.unwrap(), Some(4));
    assert_eq!(
        held.get("alice", &hers).await.unwrap(),
        None,
        "the oldest of those who have one"
    );
    assert!(
        held.get(&others[0].0, &others[0].1)
            .await
            .unwrap()
            .is_some()
    );
    let inner = held.lock();
    assert_eq!((inner.values.len(), inner.payers.len()), (1000, 1000));
}

fn form(bytes: usize) -> Draft {
    Draft {
        path: "/".to_owned(),
        fields: vec![("metadata".to_owned(), "a".repeat(bytes))],
        failure: None,
    }
}

#[tokio::test]
async fn large_forms_push_out_those_of_their_sender() {
    let held = Handover::forms(Clock::fixed(Timestamp(0)));
    let small = held.put("alice", form(10)).await.unwrap();
    let large = put_many(&held, "mallory", (0..100).map(|_| form(250_000))).await;

    assert!(held.get("alice", &small).await.unwrap().is_some());
    assert!(held.get("mallory", &large[99]).await.unwrap().is_some());
    let mut kept = 0;
    for id in &large {
        kept += usize::from(held.get("mallory", id).await.unwrap().is_some());
    }
    assert_eq!(kept, Bounds::FORMS.bytes_each / 250_200);
    for sender in 0..100 {
        held.put(&sender.to_string(), form(250_000)).await.unwrap();
    }
    assert!(held.lock().weight <= Bounds::FORMS.bytes_together);
    assert!(
        held.get("alice", &small).await.unwrap().is_some(),
        "it weighs least"
    );
}

#[tokio::test]
async fn what_is_taken_weighs_nothing_and_what_is_too_heavy_is_held_alone() {
    let held = Handover::forms(Clock::fixed(Timestamp(0)));
    for _ in 0..100 {
        let id = held.put("alice", form(250_000)).await.unwrap();
        assert!(held.take("alice", &id).await.unwrap().is_some());
    }
    assert_eq!(held.lock().weight, 0);

    let id = held
        .put("alice", form(Bounds::FORMS.bytes_together))
        .await
        .unwrap();
    assert!(held.get("alice", &id).await.unwrap().is_some());
    held.put("alice", form(1)).await.unwrap();
    assert!(held.get("alice", &id).await.unwrap().is_none());
}

/// Begins all of them before it waits for any, and answers what each came to.
async fn at_once<T: Send + 'static>(
    acts: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let begun: Vec<_> = acts.map(tokio::spawn).collect();
    let mut outcomes = Vec::new();
    for one in begun {
        outcomes.push(one.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn of_many_who_take_a_value_at_once_one_gets_it() {
    let (_clock, held) = handover();
    let id = held.put("alice", 7).await.unwrap();
    let tries = (0..16).map(|_| {
        let (held, id) = (held.clone(), id.clone());
        async move { held.take("alice", &id).await.unwrap() }
    });
    let taken = at_once(tries).await;
    assert_eq!(taken.iter().filter(|value| value.is_some()).count(), 1);
}

#[tokio::test]
async fn an_id_that_is_used_again_leaves_nothing_behind_and_keeps_nothing_alive() {
    let (clock, held) = handover();
    for n in 0..1000 {
        let again = held.put_at("alice", "alice", "list".to_owned(), n);
        again.await.unwrap();
    }
    let length = held.lock().order.len();
    assert!(length < 100, "{length}");

    clock.advance(60_000);
    held.put("bob", 1).await.unwrap();
    clock.advance(LIFETIME - 2 * 60_000);
    let again = held.put_at("alice", "alice", "list".to_owned(), 0);
    again.await.unwrap();
    clock.advance(3 * 60_000);
    held.put("carol", 1).await.unwrap();
    assert_eq!(held.lock().values.len(), 2, "bob's is over");
}

#[tokio::test]
async fn of_many_who_change_a_value_at_once_each_sees_what_the_one_before_left() {
    let (_clock, held) = handover();
    let id = held.put("alice", 0).await.unwrap();
    let one_more = |value: &mut u32| {
        *value += 1;
        *value
    };
    let updates = (0..16).map(|_| {
        let (held, id) = (held.clone(), id.clone());
        async move { held.update("alice", &id, one_more).await.unwrap() }
    });
    let mut seen: Vec<_> = at_once(updates)
        .await
        .into_iter()
        .map(Option::unwrap)
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, (1..=16).collect::<Vec<_>>());
    let other = held.update("bob", &id, |value| *value = 0).await.unwrap();
    assert_eq!(other, None);
    assert_eq!(held.get("alice", &id).await.unwrap(), Some(16));
}

#[tokio::test]
async fn an_id_of_another_owner_is_left_alone() {
    let (_clock, held) = handover();
    let id = held.put("alice", 7).await.unwrap();
    let stolen = held.put_at("bob", "bob", id.clone(), 8).await;
    assert!(stolen.is_err());
    assert_eq!(held.get("alice", &id).await.unwrap(), Some(7));
}

#[test]
fn where_a_list_goes_on_can_be_written_down() {
    let cursor = Cursor {
        operation: Operation::ListAppInstanceUsers,
        parent: "arn".to_owned(),
        scope: "main/us-east-1".parse().unwrap(),
        page: 2,
        token: Some("two".to_owned()),
        previous: Some("one".to_owned()),
        seen: Trail::default().with("one").with("two"),
    };
    let written = serde_json::to_string(&cursor).unwrap();
    let read: Cursor = serde_json::from_str(&written).unwrap();
    assert!(read.seen.has("one") && read.seen.has("two") && !read.seen.has("three"));
    assert_eq!((read.page, read.scope), (cursor.page, cursor.scope));
}

#[tokio::test]
async fn what_is_changed_begins_empty_lasts_an_hour_from_then_and_stays_its_owners() {
    let (clock, held) = handover();
    let add = |owner: &'static str| held.change(owner, "list".to_owned(), |value| *value += 1);
    add("alice").await.unwrap();
    clock.advance(LIFETIME - 1);
    add("alice").await.unwrap();
    clock.advance(LIFETIME - 1);

    assert_eq!(held.get("alice", "list").await.unwrap(), Some(2));
    assert!(add("bob").await.is_err());
    assert_eq!(held.get("alice", "list").await.unwrap(), Some(2));
    clock.advance(1);
    add("alice").await.unwrap();
    assert_eq!(held.get("alice", "list").await.unwrap(), Some(1));
}

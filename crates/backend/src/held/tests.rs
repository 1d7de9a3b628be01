//! What is held, for whom, and what makes room.

use super::*;

fn held() -> (Clock, Held<u32>) {
    let clock = Clock::fixed(Timestamp(0));
    (clock.clone(), Held::new(clock, Bounds::FEW))
}

#[test]
fn a_value_is_its_owners_alone() {
    let (_clock, held) = held();
    let id = held.put("alice", 7);
    assert_eq!(held.get("bob", &id), None);
    assert_eq!(held.take("bob", &id), None);
    assert_eq!(held.get("alice", &id), Some(7));
    assert_eq!(held.take("alice", &id), Some(7));
    assert_eq!(held.get("alice", &id), None);
}

#[test]
fn a_value_is_held_for_an_hour() {
    let (clock, held) = held();
    let id = held.put("alice", 7);
    clock.advance(LIFETIME - 1);
    assert_eq!(held.get("alice", &id), Some(7));
    clock.advance(1);
    assert_eq!(held.get("alice", &id), None);
    assert_eq!(held.take("alice", &id), None);
}

#[test]
fn whoever_puts_much_pushes_out_their_own() {
    let (_clock, held) = held();
    let hers = held.put("alice", 7);
    let his: Vec<_> = (0..1100).map(|n| held.put("mallory", n)).collect();
    assert_eq!(held.get("alice", &hers), Some(7));
    assert_eq!(held.get("mallory", &his[1089]), None);
    assert_eq!(held.get("mallory", &his[1090]), Some(1090));
    let inner = held.lock();
    assert_eq!(inner.values.len(), 1 + Bounds::FEW.each);
    assert!(inner.order.len() < 100, "{}", inner.order.len());
}

#[test]
fn many_owners_push_out_who_has_most_and_then_the_oldest() {
    let (_clock, held) = held();
    let hers = held.put("alice", 1);
    let his: Vec<_> = (0..5).map(|n| held.put("mallory", n)).collect();
    let others: Vec<_> = (0..994)
        .map(|n| (n.to_string(), held.put(&n.to_string(), n)))
        .collect();

    held.put("one more", 0);
    assert_eq!(held.get("mallory", &his[0]), None);
    assert_eq!(held.get("alice", &hers), Some(1));
    for more in 0..4 {
        held.put(&format!("more {more}"), 0);
    }

    assert_eq!(held.get("mallory", &his[3]), None);
    assert_eq!(held.get("mallory", &his[4]), Some(4));
    assert_eq!(
        held.get("alice", &hers),
        None,
        "the oldest of those who have one"
    );
    assert!(held.get(&others[0].0, &others[0].1).is_some());
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

#[test]
fn large_forms_push_out_those_of_their_sender() {
    let held = Held::forms(Clock::fixed(Timestamp(0)));
    let small = held.put("alice", form(10));
    let large: Vec<_> = (0..100)
        .map(|_| held.put("mallory", form(250_000)))
        .collect();

    assert!(held.get("alice", &small).is_some());
    assert!(held.get("mallory", &large[99]).is_some());
    let kept = large.iter().filter(|id| held.get("mallory", id).is_some());
    assert_eq!(kept.count(), Bounds::FORMS.bytes_each / 250_200);
    for sender in 0..100 {
        held.put(&sender.to_string(), form(250_000));
    }
    assert!(held.lock().weight <= Bounds::FORMS.bytes_together);
    assert!(held.get("alice", &small).is_some(), "it weighs least");
}

#[test]
fn what_is_taken_weighs_nothing_and_what_is_too_heavy_is_held_alone() {
    let held = Held::forms(Clock::fixed(Timestamp(0)));
    for _ in 0..100 {
        let id = held.put("alice", form(250_000));
        assert!(held.take("alice", &id).is_some());
    }
    assert_eq!(held.lock().weight, 0);

    let id = held.put("alice", form(Bounds::FORMS.bytes_together));
    assert!(held.get("alice", &id).is_some());
    held.put("alice", form(1));
    assert!(held.get("alice", &id).is_none());
}

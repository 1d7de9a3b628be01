//! The people of the demonstration data and their devices.

use domain::Region;
use domain::settings::{AllowMessages, EndpointType};

use super::plan::{Age, Endpoint, Stage, User};
use super::words::{DEVICES, FIRST, LAST, METADATA, TIERS};

/// Somebody who signs in; `number` of `count`.
pub(super) fn person(
    region: Region,
    stage: Stage,
    instance: Age,
    number: u32,
    count: u32,
    random: u64,
) -> User {
    let (first, first_slug) = pick(FIRST, below(random, 997));
    let (last, last_slug) = pick(LAST, number * 11 + number / 31);
    // Steadily from the first week to yesterday.
    let left = i64::from(count - number);
    let minutes = instance.0 * left / i64::from(count + 1) + i64::from(below(random, 900));
    let age = Age::minutes(minutes);
    let id = match number % 10 {
        0..=3 => uuid(region, random),
        4..=7 => format!("{first_slug}.{last_slug}.{number}@harbour.example"),
        8 => format!("staff-{}", 1000 + number),
        _ => format!("crm:{}", 20_000 + number * 7),
    };
    let admins = if stage == Stage::Production { 4 } else { 1 };
    let devices = match number {
        12 if stage == Stage::Production => 10,
        _ if number % 5 == 2 => 1 + below(random, 3),
        _ => 0,
    };
    let device = |number| endpoint(stage, first, age, mix(random ^ u64::from(number)));
    let terms = [90, 180, 365, 730];
    let next_term = terms.into_iter().find(|days| Age::days(days - 1) > age);
    User {
        id,
        name: format!("{first} {last}"),
        metadata: pick(METADATA, below(random, 1009)),
        tags: if number % 8 == 3 {
            vec![("tier", pick(TIERS, number / 8)), ("source", "crm")]
        } else {
            Vec::new()
        },
        age,
        expires_after: next_term.filter(|_| number % 13 == 9),
        admin_since: (number < admins).then(|| age.part(2)),
        edited: (number % 9 == 4).then(|| age.part(3)),
        endpoints: (0..devices).map(device).collect(),
    }
}

/// Guests are kept for thirty days: some go in weeks, some today, some should be gone already.
pub(super) fn guests(seed: u64) -> Vec<User> {
    const KEPT: i64 = 30;
    const HOUR: i64 = 60;
    const DAY: i64 = 24 * HOUR;
    const LEFT: &[i64] = &[
        -80,
        -25,
        3 * HOUR,
        20 * HOUR,
        2 * DAY,
        5 * DAY,
        6 * DAY,
        11 * DAY,
        17 * DAY,
        24 * DAY,
        29 * DAY,
    ];
    let guest = |(number, left): (u32, &i64)| User {
        id: format!("guest-{:016x}", mix(seed ^ (u64::from(number) << 32))),
        name: format!("Guest {}", number + 1),
        metadata: r#"{"guest":true}"#,
        tags: vec![("kind", "guest")],
        age: Age::minutes(KEPT * DAY - left),
        expires_after: Some(KEPT),
        admin_since: None,
        edited: None,
        endpoints: Vec::new(),
    };
    (0..).zip(LEFT).map(guest).collect()
}

fn endpoint(stage: Stage, owner: &str, user: Age, random: u64) -> Endpoint {
    let device = pick(DEVICES, below(random, 991));
    let apple = !matches!(device, "Pixel" | "Galaxy" | "Warehouse scanner");
    let kind = match (apple, stage) {
        (false, _) => EndpointType::Gcm,
        (true, Stage::Production) => EndpointType::Apns,
        (true, _) => EndpointType::ApnsSandbox,
    };
    // Builds in development are installed again and again.
    let odds = if stage == Stage::Production { 11 } else { 5 };
    let hex = |random: u64| {
        let parts = (0..4).map(|part| format!("{:016x}", mix(random ^ part)));
        parts.collect::<String>()
    };
    Endpoint {
        name: match device {
            "iPhone" | "Pixel" | "Galaxy" => format!("{owner}’s {device}"),
            device => device.to_owned(),
        },
        kind,
        device_token: if apple {
            hex(random)
        } else {
            format!("{}:APA91b{}", &hex(random)[..22], hex(random ^ 8))
        },
        voip_device_token: (apple && below(random, 3) == 0).then(|| hex(random ^ 16)),
        allow: if below(random, 6) == 0 {
            AllowMessages::None
        } else {
            AllowMessages::All
        },
        age: user.part(2 + i64::from(below(random, 4))),
        inactive: match below(random, odds) {
            1 => Some("INVALID_PINPOINT_ARN"),
            3 | 8 => Some("INVALID_DEVICE_TOKEN"),
            _ => None,
        },
    }
}

fn pick<T: Copy>(from: &[T], at: u32) -> T {
    from[at as usize % from.len()]
}

/// A number below a limit.
fn below(random: u64, limit: u32) -> u32 {
    u32::try_from(random % u64::from(limit)).unwrap_or_default()
}

/// An id as Cognito's identity pools make it.
fn uuid(region: Region, random: u64) -> String {
    let a = format!("{:016x}", mix(random));
    let b = format!("{:016x}", mix(random ^ 1));
    let parts = [&a[..8], &a[8..12], &a[13..], &b[1..4], &b[4..]];
    format!(
        "{region}:{}-{}-4{}-8{}-{}",
        parts[0], parts[1], parts[2], parts[3], parts[4]
    )
}

/// Well mixed bits of a number (SplitMix64, Steele and others 2014), so that nothing repeats in
/// steps and everything is the same at every start.
pub(super) const fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

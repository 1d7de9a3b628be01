//! Every operation against a mocked transport. What one sends, and what it makes of the answer, is
//! tested beside its method; what all have in common, below, with the sample of each.

mod credentials;
mod odd;
mod refusals;
mod unconnected;
mod wire;

use aws_sdk_chimesdkidentity::config::http::HttpResponse;
use aws_sdk_chimesdkidentity::primitives::DateTime;
use aws_smithy_mocks::{Rule, RuleMode, mock_client};
use aws_smithy_types::body::SdkBody;
use domain::input::{
    self, AnyInput, DescribeAppInstanceUserEndpoint, InRegion, Input, UpdateAppInstanceUserEndpoint,
};
use domain::name::Metadata;
use domain::settings::Days;
use domain::{Region, for_each_operation};
use serde::de::DeserializeOwned;

use super::client::configure;
use super::{Client, Listing};

// What the samples are about.
pub(super) const INSTANCE: &str =
    "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222-4333-8444-555555555555";
pub(super) const USER: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222-4333-8444-555555555555/user/us-east-1:alice@x";
pub(super) const BOT: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222-4333-8444-555555555555/bot/b-1";
pub(super) const PINPOINT: &str =
    "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef";
pub(super) const LEX: &str = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST";

/// The client that is used, but for its transport.
pub(super) fn client(rules: &[&Rule]) -> Client {
    Client::of(mock_client!(
        aws_sdk_chimesdkidentity,
        RuleMode::MatchAny,
        rules,
        configure
    ))
}

fn answer(status: u16, code: Option<&'static str>) -> HttpResponse {
    let status = status.try_into().unwrap();
    let mut response = HttpResponse::new(status, SdkBody::from("{}"));
    if let Some(code) = code {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    let id = "6f1c7f0e-3b0a-4e0c-8d5a-0d7c2c1b9a55";
    response.headers_mut().insert("x-amzn-requestid", id);
    response
}

pub(super) fn metadata(text: &str) -> Metadata {
    Metadata::parse(text).unwrap()
}

pub(super) fn days(days: u32) -> Days {
    Days::try_from(days).unwrap()
}

pub(super) fn at(millis: i64) -> DateTime {
    DateTime::from_millis(millis)
}

/// A page of a list with one item, and one after it.
pub(super) fn one<T>(item: T) -> Listing<T> {
    Listing {
        items: vec![item],
        next_token: Some("t2".into()),
    }
}

/// The sample of an operation, as its own type.
fn sample<I: Input + DeserializeOwned>() -> I {
    let sample = AnyInput::sample(I::OPERATION).to_value();
    serde_json::from_value(sample).unwrap()
}

macro_rules! samples {
    ($($operation:ident $method:ident;)*) => {
        $(sample_of! { $operation $method })*
    };
}

/// A function that is named like the method, with what can be sent: two inputs say in which Region.
macro_rules! sample_of {
    (CreateAppInstance $method:ident) => {
        sample_of! { in_region CreateAppInstance $method }
    };
    (ListAppInstances $method:ident) => {
        sample_of! { in_region ListAppInstances $method }
    };
    (in_region $operation:ident $method:ident) => {
        pub(super) fn $method() -> InRegion<input::$operation> {
            sample::<input::$operation>().in_region(Region::UsEast1)
        }
    };
    ($operation:ident $method:ident) => {
        pub(super) fn $method() -> input::$operation {
            sample()
        }
    };
}

for_each_operation!(samples);

/// Tests of what operations send and what they make of the answer, each of which is named like its
/// method. The sample is sent, with members in brackets set to something else.
macro_rules! operations {
    ($(
        $method:ident $([$($($member:ident).+ = $value:expr),+])?:
        |$sdk:ident| $sent:expr, $output:expr => $expected:expr;
    )*) => {
        $(
            #[tokio::test]
            pub(in crate::identity) async fn $method() {
                let rule = mock!(Sdk::$method)
                    .match_requests(|$sdk| $sent)
                    .then_output(|| $output);
                let input = $crate::identity::tests::$method();
                $(
                    let mut input = input;
                    $(input.$($member).+ = $value;)+
                )?

                let answer = input.send(&client(&[&rule])).await;

                assert_eq!(answer, Ok($expected));
                assert_eq!(rule.num_calls(), 1);
            }
        )*
    };
}
pub(super) use operations;

/// The tests beside the methods.
mod beside {
    pub(super) use super::super::admins::tests::*;
    pub(super) use super::super::app_instances::tests::*;
    pub(super) use super::super::bots::tests::*;
    pub(super) use super::super::endpoints::tests::*;
    pub(super) use super::super::retention::tests::*;
    pub(super) use super::super::tags::tests::*;
    pub(super) use super::super::users::tests::*;
}

/// An operation without its test in `operations!` does not compile here.
macro_rules! every_operation_is_tested_beside_its_method {
    ($($operation:ident $method:ident;)*) => {
        const _: &[fn()] = &[$(beside::$method),*];
    };
}

for_each_operation!(every_operation_is_tested_beside_its_method);

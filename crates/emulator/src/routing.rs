//! From method, path and query to the operation (service model, trait `http`).
//!
//! Routes are matched on the **raw** path: an ARN is one label with its `/` sent as `%2F`. Each label is then decoded
//! exactly once.

use axum::http::Method;

use crate::error::ApiError;
use crate::operation::Operation;
use crate::query::{Query, decode};

/// An operation with the decoded labels of its path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) operation: Operation,
    pub(crate) labels: Vec<String>,
}

/// Finds the operation a request means.
///
/// `query` is asked only for `/tags`, where two operations share method and path.
pub(crate) fn route(method: &Method, path: &str, query: &Query) -> Result<Route, ApiError> {
    use Operation as Op;

    let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    let (candidates, labels): (&[(Method, Op)], &[&str]) = match segments[..] {
        ["app-instances"] => (
            &[
                (Method::POST, Op::CreateAppInstance),
                (Method::GET, Op::ListAppInstances),
            ],
            &[],
        ),
        ["app-instances", arn] => (
            &[
                (Method::GET, Op::DescribeAppInstance),
                (Method::PUT, Op::UpdateAppInstance),
                (Method::DELETE, Op::DeleteAppInstance),
            ],
            &[arn],
        ),
        ["app-instances", arn, "retention-settings"] => (
            &[
                (Method::GET, Op::GetAppInstanceRetentionSettings),
                (Method::PUT, Op::PutAppInstanceRetentionSettings),
            ],
            &[arn],
        ),
        ["app-instances", arn, "admins"] => (
            &[
                (Method::POST, Op::CreateAppInstanceAdmin),
                (Method::GET, Op::ListAppInstanceAdmins),
            ],
            &[arn],
        ),
        ["app-instances", arn, "admins", admin] => (
            &[
                (Method::GET, Op::DescribeAppInstanceAdmin),
                (Method::DELETE, Op::DeleteAppInstanceAdmin),
            ],
            &[arn, admin],
        ),
        ["app-instance-bots"] => (
            &[
                (Method::POST, Op::CreateAppInstanceBot),
                (Method::GET, Op::ListAppInstanceBots),
            ],
            &[],
        ),
        ["app-instance-bots", arn] => (
            &[
                (Method::GET, Op::DescribeAppInstanceBot),
                (Method::PUT, Op::UpdateAppInstanceBot),
                (Method::DELETE, Op::DeleteAppInstanceBot),
            ],
            &[arn],
        ),
        ["app-instance-users"] => (
            &[
                (Method::POST, Op::CreateAppInstanceUser),
                (Method::GET, Op::ListAppInstanceUsers),
            ],
            &[],
        ),
        ["app-instance-users", arn] => (
            &[
                (Method::GET, Op::DescribeAppInstanceUser),
                (Method::PUT, Op::UpdateAppInstanceUser),
                (Method::DELETE, Op::DeleteAppInstanceUser),
            ],
            &[arn],
        ),
        ["app-instance-users", arn, "expiration-settings"] => (
            &[(Method::PUT, Op::PutAppInstanceUserExpirationSettings)],
            &[arn],
        ),
        ["app-instance-users", arn, "endpoints"] => (
            &[
                (Method::POST, Op::RegisterAppInstanceUserEndpoint),
                (Method::GET, Op::ListAppInstanceUserEndpoints),
            ],
            &[arn],
        ),
        // An empty endpoint id arrives as `…/endpoints/`. It is a bad id, never the list.
        ["app-instance-users", arn, "endpoints", endpoint] => (
            &[
                (Method::GET, Op::DescribeAppInstanceUserEndpoint),
                (Method::PUT, Op::UpdateAppInstanceUserEndpoint),
                (Method::DELETE, Op::DeregisterAppInstanceUserEndpoint),
            ],
            &[arn, endpoint],
        ),
        ["tags"] if *method == Method::POST => match query.get("operation") {
            Some("tag-resource") => (&[(Method::POST, Op::TagResource)], &[]),
            Some("untag-resource") => (&[(Method::POST, Op::UntagResource)], &[]),
            _ => return Err(ApiError::unknown_operation()),
        },
        ["tags"] => (&[(Method::GET, Op::ListTagsForResource)], &[]),
        _ => return Err(ApiError::unknown_operation()),
    };
    let operation = candidates
        .iter()
        .find_map(|(allowed, operation)| (allowed == method).then_some(*operation))
        .ok_or_else(ApiError::method_not_allowed)?;
    let labels = labels
        .iter()
        .map(|label| decode(label))
        .collect::<Result<_, _>>()?;
    Ok(Route { operation, labels })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(method: &Method, path: &str, query: &str) -> Result<Route, ApiError> {
        route(method, path, &Query::parse(Some(query)).unwrap())
    }

    #[test]
    fn a_label_is_decoded_once() {
        let found = find(
            &Method::GET,
            "/app-instance-users/a%3Ab%2Fc/endpoints/a%2Fb%20c%252F",
            "",
        )
        .unwrap();

        assert_eq!(found.operation, Operation::DescribeAppInstanceUserEndpoint);
        assert_eq!(found.labels, ["a:b/c", "a/b c%2F"]);
    }

    #[test]
    fn an_empty_endpoint_id_is_not_the_list() {
        let found = find(&Method::GET, "/app-instance-users/a/endpoints/", "").unwrap();

        assert_eq!(found.operation, Operation::DescribeAppInstanceUserEndpoint);
        assert_eq!(found.labels, ["a", ""]);
    }

    #[test]
    fn the_query_tells_tag_from_untag() {
        let tag = find(&Method::POST, "/tags", "operation=tag-resource").unwrap();
        let untag = find(&Method::POST, "/tags", "operation=untag-resource").unwrap();

        assert_eq!(tag.operation, Operation::TagResource);
        assert_eq!(untag.operation, Operation::UntagResource);
        assert_eq!(find(&Method::POST, "/tags", "").unwrap_err().status, 404);
    }

    #[test]
    fn unknown_paths_and_methods_are_told_apart() {
        assert_eq!(find(&Method::GET, "/nothing", "").unwrap_err().status, 404);
        assert_eq!(
            find(&Method::PATCH, "/app-instances", "")
                .unwrap_err()
                .status,
            405
        );
    }
}

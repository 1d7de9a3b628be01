//! The AppInstances of a Region for somebody whose role covers only some, each by its ARN.
//!
//! AWS lists all AppInstances of the account, 50 at a time. Those that the role does not cover must
//! be neither shown nor counted, so the rows are those that the role names; one call gives their
//! names.

use domain::arn::AppInstanceArn;
use domain::input::Input as _;
use domain::view::AppInstanceSummary;
use domain::{Failure, Page, Region, input};

use crate::request::Request;

/// The AppInstances of a Region that the role names, all on one page: one call. One that is missing
/// from the first 50 that AWS lists shows its id for a name, unless its page was read lately.
pub async fn page(request: &Request, region: Region) -> Result<Page<AppInstanceSummary>, Failure> {
    let list = input::ListAppInstances {
        max_results: 50,
        next_token: None,
    };
    let mut listed = request.call(list.in_region(region)).await?.items;
    super::learn(request, &listed);
    let mut row = |arn: &AppInstanceArn| {
        let found = listed.iter().position(|row| row.arn.known() == Some(arn));
        found.map_or_else(|| by_id(request, arn), |at| listed.swap_remove(at))
    };
    let items = request
        .caller()?
        .grant
        .instances_in(&request.connection().id, region)
        .map(&mut row);
    Ok(Page {
        items: items.collect(),
        number: 1,
        next: None,
        previous: None,
        looped: false,
    })
}

fn by_id(request: &Request, arn: &AppInstanceArn) -> AppInstanceSummary {
    let name = request.backend().names().get(arn);
    AppInstanceSummary {
        arn: arn.clone().into(),
        name: name.unwrap_or_else(|| arn.id().to_owned()),
        metadata: String::new(),
    }
}

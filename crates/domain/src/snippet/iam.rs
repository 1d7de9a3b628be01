//! The IAM policy that the call needs (Service Authorization Reference, "Amazon Chime").

use super::Call;
use crate::operation::Operation;

pub(super) fn write(call: &Call) -> String {
    let resource = call.resource.as_deref().unwrap_or("*");
    let (mut actions, mut resources) =
        (vec![call.operation.iam_action()], vec![resource.to_owned()]);
    match call.operation {
        // Creates are authorised against `*` (Service Authorization Reference).
        Operation::CreateAppInstanceUser | Operation::CreateAppInstanceBot => {
            resources = vec!["*".to_owned()];
        }
        // Lists of members are authorised against the members' resource types.
        Operation::ListAppInstanceUsers => resources.push(format!("{resource}/user/*")),
        Operation::ListAppInstanceBots => resources.push(format!("{resource}/bot/*")),
        Operation::ListAppInstanceAdmins => {
            resources.extend([format!("{resource}/user/*"), format!("{resource}/bot/*")]);
        }
        Operation::CreateAppInstanceAdmin
        | Operation::DescribeAppInstanceAdmin
        | Operation::DeleteAppInstanceAdmin => {
            let instance = call.member("AppInstanceArn").unwrap_or_default();
            resources.insert(0, instance.to_owned());
        }
        Operation::RegisterAppInstanceUserEndpoint => {
            actions.push("mobiletargeting:GetApp");
            resources.extend(call.member("ResourceArn").map(str::to_owned));
        }
        _ => {}
    }
    if call.operation == Operation::CreateAppInstanceUser
        && call
            .members
            .iter()
            .any(|(name, _)| name == "ExpirationSettings")
    {
        actions.push(Operation::PutAppInstanceUserExpirationSettings.iam_action());
    }
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": resources }],
    });
    serde_json::to_string_pretty(&policy).unwrap_or_default()
}

//! What each operation that changes something is tried with.

use domain::Operation;

use super::fixture::{Fields, Fixture, owned};
use crate::support::{PINPOINT, arn, bot_fields, instance_fields, target, token};

/// The fields of a form about what has this page.
fn about(path: &str, fields: &[(&str, &str)]) -> Fields {
    let of = target(&arn(path));
    owned(&[&[("target", &*of)], fields].concat())
}

/// The last part of a page's address: the id of what it shows.
fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

impl Fixture<'_> {
    /// Input that is taken, on things that are made for it where it takes something away.
    pub async fn of_operation(&mut self, operation: Operation) -> Fields {
        let (instance, token) = (self.instance.clone(), token());
        match operation {
            Operation::CreateAppInstance => owned(&instance_fields(&token, "New")),
            Operation::UpdateAppInstance => {
                let base = self.base(&instance).await;
                let fields = [("base", &*base), ("name", "Chat"), ("metadata", "m")];
                about(&instance, &fields)
            }
            Operation::PutAppInstanceRetentionSettings => {
                about(&instance, &[("retention_days", "30"), ("confirm", "Chat")])
            }
            Operation::DeleteAppInstance => {
                let instance = self.admin.make_instance("Chat").await;
                about(&instance, &[("confirm", "Chat")])
            }
            Operation::CreateAppInstanceUser => {
                let id = format!("new-{}", self.next());
                let fields = [
                    ("token", &*token),
                    ("user_id", &id),
                    ("name", "Cy"),
                    ("metadata", ""),
                ];
                about(&instance, &fields)
            }
            Operation::UpdateAppInstanceUser => {
                let user = self.new_user().await;
                let base = self.base(&user).await;
                let fields = [("base", &*base), ("name", "Dee"), ("metadata", "")];
                about(&user, &fields)
            }
            Operation::PutAppInstanceUserExpirationSettings => {
                about(&self.new_user().await, &[("expiration_days", "30")])
            }
            Operation::DeleteAppInstanceUser => {
                let user = self.new_user().await;
                about(&user, &[("confirm_user_id", id_of(&user))])
            }
            Operation::CreateAppInstanceAdmin | Operation::DeleteAppInstanceAdmin => {
                let member = arn(&self.new_user().await);
                let fields = about(&instance, &[("member", &member)]);
                if operation == Operation::DeleteAppInstanceAdmin {
                    self.prepare_with("/api/admins/create", &fields).await;
                }
                fields
            }
            Operation::CreateAppInstanceBot => {
                let token = [("token", &*token)];
                about(&instance, &[&token[..], &bot_fields(&[])].concat())
            }
            Operation::UpdateAppInstanceBot => {
                let base = self.base(&self.bot).await;
                let base = [("base", &*base)];
                about(&self.bot, &[&base[..], &bot_fields(&[])].concat())
            }
            Operation::DeleteAppInstanceBot => {
                let bot = self.admin.make_bot(&instance, &[]).await;
                about(&bot, &[("confirm", "Helper")])
            }
            Operation::RegisterAppInstanceUserEndpoint => {
                let fields = [
                    ("token", &*token),
                    ("kind", "GCM"),
                    ("resource_arn", PINPOINT),
                    ("device_token", &token),
                    ("name", "Phone"),
                    ("allow_messages", "ALL"),
                ];
                about(&self.new_user().await, &fields)
            }
            Operation::UpdateAppInstanceUserEndpoint => {
                let (user, endpoint) = self.new_endpoint().await;
                let base = self.base(&endpoint).await;
                let fields = [
                    ("id", id_of(&endpoint)),
                    ("base", &base),
                    ("name", "Tablet"),
                    ("allow_messages", "NONE"),
                    // Of the button that only lets pushes through or not.
                    ("allow", "NONE"),
                    ("page", "/"),
                ];
                about(&user, &fields)
            }
            Operation::DeregisterAppInstanceUserEndpoint => self.of_endpoint().await,
            Operation::TagResource => {
                let value = self.next().to_string();
                let fields = [("tag_key[0]", "n"), ("tag_value[0]", &*value)];
                about(&self.user, &fields)
            }
            Operation::UntagResource => {
                let user = self.new_user().await;
                let tag = [("tag_key[0]", "n"), ("tag_value[0]", "1")];
                self.prepare_with("/api/tags/save", &about(&user, &tag))
                    .await;
                about(&user, &[])
            }
            _ => panic!("say here what {operation} is tried with"),
        }
    }

    /// An endpoint that nothing else works on, as its forms name it.
    pub(super) async fn of_endpoint(&mut self) -> Fields {
        let (user, endpoint) = self.new_endpoint().await;
        about(&user, &[("id", id_of(&endpoint))])
    }
}

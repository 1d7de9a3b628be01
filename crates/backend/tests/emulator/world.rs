//! An emulator and a backend that calls it, and things to call about.

use backend::{
    AccountsConfig, Backend, Caller, Clock, Config, ConnectionConfig, Credentials, Entry,
    OperatorId, Request,
};
use domain::arn::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, ResourceArn};
use domain::input::{
    Configuration, CreateAppInstance, CreateAppInstanceAdmin, CreateAppInstanceBot,
    CreateAppInstanceUser, DescribeAppInstance, DescribeAppInstanceUser,
    DescribeAppInstanceUserEndpoint, EndpointAttributes, Input as _, ListTagsForResource,
    RegisterAppInstanceUserEndpoint,
};
use domain::name::{
    AppInstanceName, BotName, DeviceToken, EndpointName, LocaleId, Metadata, UserId, UserName,
};
use domain::settings::{
    AllowMessages, Days, EndpointType, InvokedBy, LexConfiguration, StandardMessages,
    TargetedMessages,
};
use domain::tag::Tags;
use domain::token::RequestToken;
use domain::view::RevealedTokens;
use domain::{ConnectionId, Environment, Failure, Given, Grant, Region, Role};
use emulator::{Emulator, Fault, FaultKind, Settings, Storage};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub struct World {
    pub backend: Backend,
    emulator: Emulator,
    folder: TempDir,
}

impl World {
    pub async fn start() -> Self {
        Self::with(Vec::new(), "secret").await
    }

    /// The emulator carries out one call of an operation, and its answer gets lost.
    pub async fn losing_the_answer_to(operation: &str) -> Self {
        let lost = Fault {
            times: Some(1),
            after_commit: true,
            ..fault(operation, FaultKind::Reset)
        };
        Self::with(vec![lost], "secret").await
    }

    /// With things that go wrong on purpose, and the secret that the backend signs with.
    pub async fn with(faults: Vec<Fault>, secret: &str) -> Self {
        let emulator = Emulator::start(emulator::Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            storage: Storage::InMemory,
            account_id: "123456789012".into(),
            access_key_id: "test".into(),
            secret_access_key: "secret".into(),
            session_token: None,
            regions: vec!["us-east-1".into()],
            names: Vec::new(),
            cors_origins: Vec::new(),
            control_plane: true,
            settings: Settings {
                faults,
                ..Settings::default()
            },
        });
        let emulator = emulator.await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let backend = open(&emulator, &folder, secret, Clock::system()).await;
        Self {
            backend,
            emulator,
            folder,
        }
    }

    /// Another process on the same database.
    pub async fn another_process(&self, clock: Clock) -> Backend {
        open(&self.emulator, &self.folder, "secret", clock).await
    }

    /// What the database has of the rows of jobs.
    pub async fn cells_of_items(&self) -> Vec<String> {
        let url = format!(
            "sqlite:{}",
            self.folder.path().join("carillon.db").display()
        );
        let raw = sqlx::AnyPool::connect(&url).await.unwrap();
        let rows = sqlx::query_as("SELECT change || COALESCE(calls, '') FROM job_items");
        let rows: Vec<(String,)> = rows.fetch_all(&raw).await.unwrap();
        rows.into_iter().map(|(cells,)| cells).collect()
    }

    /// Other things go wrong from now on.
    pub async fn set_faults(&self, faults: Vec<Fault>) {
        let body = serde_json::json!({ "faults": faults }).to_string();
        let address = self.emulator.address();
        let request = format!(
            "PUT /_emulator/settings HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    pub async fn call<I: Request>(&self, input: I) -> Result<I::Output, Failure> {
        self.backend
            .calls()
            .call(&caller(Role::Admin), &connection(), input)
            .await
    }

    pub async fn reveal(
        &self,
        role: Role,
        input: DescribeAppInstanceUserEndpoint,
    ) -> Result<RevealedTokens, Failure> {
        self.backend
            .calls()
            .reveal_tokens(&caller(role), &connection(), input)
            .await
    }

    pub async fn last_entry(&self) -> Entry {
        let filter = backend::AuditFilter::default();
        let entries = self.backend.audit().whole().recent(&filter, None, 1).await;
        entries.unwrap().remove(0)
    }

    pub async fn instance(&self) -> AppInstanceArn {
        let input = CreateAppInstance {
            name: AppInstanceName::parse("Support").unwrap(),
            metadata: metadata(""),
            client_request_token: token(&format!("t{}", rand::random::<u64>())),
            tags: Tags::default(),
        };
        known(&self.call(input.in_region(Region::UsEast1)).await.unwrap())
    }

    pub async fn user(&self) -> AppInstanceUserArn {
        let input = CreateAppInstanceUser {
            app_instance_arn: self.instance().await,
            app_instance_user_id: UserId::parse("us-east-1:alice@x").unwrap(),
            name: UserName::parse("Alice").unwrap(),
            metadata: metadata(""),
            client_request_token: token("user"),
            tags: tags(),
            expiration_settings: None,
        };
        known(&self.call(input).await.unwrap())
    }

    pub async fn admin(&self) -> AppInstanceUserArn {
        let user = self.user().await;
        let input = CreateAppInstanceAdmin {
            app_instance_arn: user.instance().clone(),
            app_instance_admin_arn: user.as_str().parse().unwrap(),
        };
        self.call(input).await.unwrap();
        user
    }

    pub async fn bot(&self) -> AppInstanceBotArn {
        let input = CreateAppInstanceBot {
            app_instance_arn: self.instance().await,
            name: BotName::parse("Helper").unwrap(),
            metadata: metadata(""),
            client_request_token: token("bot"),
            tags: Tags::default(),
            configuration: Configuration { lex: lex() },
        };
        known(&self.call(input).await.unwrap())
    }

    pub async fn endpoint(&self) -> (AppInstanceUserArn, String) {
        let user = self.user().await;
        let input = RegisterAppInstanceUserEndpoint {
            app_instance_user_arn: user.clone(),
            name: EndpointName::parse("Phone").unwrap(),
            r#type: EndpointType::Apns,
            resource_arn: "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef"
                .parse()
                .unwrap(),
            endpoint_attributes: EndpointAttributes {
                device_token: DeviceToken::parse("device-token-1").unwrap(),
                voip_device_token: None,
            },
            client_request_token: token("endpoint"),
            allow_messages: AllowMessages::All,
        };
        let id = self.call(input).await.unwrap();
        (user, id)
    }
}

async fn open(emulator: &Emulator, folder: &TempDir, secret: &str, clock: Clock) -> Backend {
    let backend = Backend::open(Config {
        database_url: format!("sqlite:{}", folder.path().join("carillon.db").display()),
        connection: ConnectionConfig {
            id: connection(),
            label: "Embedded".into(),
            environment: Environment::Sandbox,
            regions: vec![Region::UsEast1],
            credentials: Credentials::Static {
                access_key_id: "test".into(),
                secret_access_key: secret.into(),
            },
            endpoint_url: Some(format!("http://{}", emulator.address())),
            account: None,
            read_only: false,
            rates: domain::rate::Rates::unlimited(),
        },
        accounts: AccountsConfig::default(),
        clock,
    });
    backend.await.unwrap()
}

pub fn describe_instance(arn: &AppInstanceArn) -> DescribeAppInstance {
    DescribeAppInstance {
        app_instance_arn: arn.clone(),
    }
}

pub fn describe_user(arn: &AppInstanceUserArn) -> DescribeAppInstanceUser {
    DescribeAppInstanceUser {
        app_instance_user_arn: arn.clone(),
    }
}

pub fn tags_of(arn: impl Into<ResourceArn>) -> ListTagsForResource {
    ListTagsForResource {
        resource_arn: arn.into(),
    }
}

/// The value itself: the emulator gives nothing that cannot be understood.
pub fn known<T: Clone>(given: &Given<T>) -> T {
    given.known().cloned().unwrap()
}

pub fn caller(role: Role) -> Caller {
    Caller {
        operator: OperatorId::from("op-1".to_owned()),
        username: "ada".into(),
        role,
        grant: Grant::EVERYTHING,
        remote: None,
        request_id: "req-1".into(),
        proved: Some(backend::Clock::system().now()),
        session: None,
        changes: backend::Changes::default(),
    }
}

pub fn connection() -> ConnectionId {
    "embedded".parse().unwrap()
}

pub fn token(text: &str) -> RequestToken {
    text.to_owned().try_into().unwrap()
}

pub fn metadata(text: &str) -> Metadata {
    Metadata::parse(text).unwrap()
}

pub fn days(days: u32) -> Days {
    Days::try_from(days).unwrap()
}

pub fn tags() -> Tags {
    Tags::from_service([("env".into(), "prod".into())])
}

pub fn lex() -> LexConfiguration {
    LexConfiguration {
        invoked_by: Some(InvokedBy {
            standard_messages: StandardMessages::Auto.into(),
            targeted_messages: TargetedMessages::All.into(),
        }),
        lex_bot_alias_arn: "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST"
            .parse()
            .unwrap(),
        locale_id: LocaleId::parse("en_US").unwrap(),
        welcome_intent: None,
    }
}

pub fn fault(operation: &str, kind: FaultKind) -> Fault {
    Fault::new(operation, kind)
}

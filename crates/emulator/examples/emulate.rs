//! The emulator by itself, for trying it out before the server binary is built.

use std::{net::SocketAddr, path::PathBuf};

use clap::Parser;
use emulator::{Config, Emulator, Settings, Storage};

/// Runs the Amazon Chime SDK Identity emulator.
#[derive(Parser)]
struct Arguments {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8790")]
    listen: SocketAddr,
    /// The directory that holds the data.
    #[arg(long, default_value = "data", conflicts_with = "in_memory")]
    data_dir: PathBuf,
    /// Keeps the data in memory.
    #[arg(long)]
    in_memory: bool,
    /// The account of the key pair.
    #[arg(long, default_value = "123456789012")]
    account_id: String,
    /// The access key id.
    #[arg(long, default_value = "test")]
    access_key_id: String,
    /// The secret access key.
    #[arg(long, default_value = "test")]
    secret_access_key: String,
    /// A Region to serve; may be repeated.
    #[arg(long = "region", default_values = ["us-east-1", "eu-central-1"])]
    regions: Vec<String>,
    /// Applies the published rates.
    #[arg(long)]
    realistic: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let storage = if arguments.in_memory {
        Storage::InMemory
    } else {
        Storage::Directory(arguments.data_dir.clone())
    };
    let settings = if arguments.realistic {
        Settings::realistic()
    } else {
        Settings::default()
    };
    let emulator = Emulator::start(Config {
        listen: arguments.listen,
        storage,
        account_id: arguments.account_id,
        access_key_id: arguments.access_key_id,
        secret_access_key: arguments.secret_access_key,
        session_token: None,
        regions: arguments.regions,
        names: Vec::new(),
        cors_origins: Vec::new(),
        control_plane: true,
        settings,
    })
    .await?;
    println!("emulator ready at http://{}", emulator.address());
    tokio::signal::ctrl_c().await?;
    emulator.stop().await;
    Ok(())
}

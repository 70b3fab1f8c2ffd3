//! `belfry token`: tokens for programs.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::control::{self, Order};
use super::user::text;
use super::{Common, say};

#[derive(Debug, Args)]
pub(super) struct Token {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a token; it is shown once
    Create {
        /// The workspace, by its part of the address
        #[arg(long, value_name = "SLUG")]
        workspace: String,
        /// As whom, by sign-in name: an owner or admin of the workspace
        #[arg(long, value_name = "SIGN-IN")]
        person: String,
        /// What it is for
        #[arg(long)]
        name: String,
        /// What it may touch, such as posts:read or all:write; may be repeated [default: all:read]
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<String>,
        /// For how many days it is good [default: until it is revoked]
        #[arg(long, value_name = "DAYS")]
        expires_in_days: Option<u16>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List the tokens of a workspace
    List {
        /// The workspace, by its part of the address
        #[arg(long, value_name = "SLUG")]
        workspace: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// End a token
    Revoke {
        /// The workspace, by its part of the address
        #[arg(long, value_name = "SLUG")]
        workspace: String,
        /// The token's id, as `list` shows it
        id: String,
    },
}

impl Token {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let config = common.config(&[])?;
        match self.what {
            What::Create { workspace, person, name, scopes, expires_in_days, json } => {
                let order = Order::TokenCreate { workspace, person, name, scopes, expires_in_days };
                let told = control::send(config, order).await?;
                say::line(&if json { told.to_string() } else { text(&told, "token").to_owned() });
            }
            What::List { workspace, json } => {
                let told = control::send(config, Order::TokenList { workspace }).await?;
                if json {
                    say::line(&told.to_string());
                } else {
                    for token in told.as_array().into_iter().flatten() {
                        let used = token.get("used_at").and_then(serde_json::Value::as_str).unwrap_or("never used");
                        let ends =
                            token.get("expires_at").and_then(serde_json::Value::as_str).unwrap_or("until revoked");
                        say::line(&format!("{}  {}  {used}  {ends}", text(token, "id"), text(token, "name")));
                    }
                }
            }
            What::Revoke { workspace, id } => {
                control::send(config, Order::TokenRevoke { workspace, id }).await?;
                say::line("Revoked.");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

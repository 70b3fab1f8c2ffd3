//! What a large picture costs: the most memory the server has while it takes one in, cleans it and makes it small.

use anyhow::ensure;
use reqwest::Method;
use reqwest::multipart::{Form, Part};

use crate::fill;
use crate::machine::{self, Watch};
use crate::report::{Aim, Bench, note};
use crate::server::Server;

/// 48 megapixels, as the cameras of phones make them.
const SIDES_PX: (u32, u32) = (8000, 6000);

/// Uploads one 48-megapixel JPEG with the form of the library.
pub(crate) async fn take(bench: &Bench) -> anyhow::Result<()> {
    let (peak, took) = ("peak memory, upload of 48 megapixels", "time, upload of 48 megapixels");
    if !bench.wants(&[peak, took]) {
        return Ok(());
    }
    note("uploading a picture of 48 megapixels");
    let folder = tempfile::tempdir_in(machine::folder())?;
    let app = fill::open(folder.path()).await?;
    let (_ada, workspace) = fill::owner(&app).await?;
    let token = fill::session(&app).await?;
    fill::close(app).await?;
    let picture = tokio::task::spawn_blocking(|| fill::photo(SIDES_PX.0, SIDES_PX.1)).await??;
    let server = Server::start(folder.path()).await?;
    let browser = server.browser.clone().signed_in(&token);
    let path = belfry::addresses::workspace(&workspace.slug, "media");
    let form_token = browser.form_token(&path).await?;
    machine::forget_peak(server.process())?;
    let watch = Watch::start();
    let file = Part::bytes(picture).file_name("market.jpg").mime_str("image/jpeg")?;
    let form = Form::new().text("csrf", form_token).part("file", file);
    let answer = browser.send(browser.request(Method::POST, &path).multipart(form)).await?;
    ensure!(answer.status() == 303, "the upload answers {}", answer.status());
    let took_s = watch.passed().as_secs_f64();
    bench.print(peak, (machine::peak_mib(server.process())?, "MiB RSS"), Aim::None)?;
    bench.print(took, (took_s, "s"), Aim::None)?;
    server.stop().await
}

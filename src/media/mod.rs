//! Media: files, their proof, their renditions.
crate::ids! { /// A picture.
AssetId }
pub mod asset {
    use super::*;
    use crate::{app::App, people::*};
    #[derive(Clone, Debug)]
    pub struct Asset {
        pub mime: String,
        pub size_bytes: u64,
        pub width_px: u32,
        pub height_px: u32,
        pub alt: String,
        pub focus: Option<(f32, f32)>,
    }
    pub async fn find(_a: &App, _w: WorkspaceId, _i: AssetId) -> Result<Option<crate::store::Stored<Asset>>, Refusal> {
        Ok(None)
    }
}
#[derive(Debug)]
pub struct Rendered {
    pub path: std::path::PathBuf,
    pub mime: String,
    pub size_bytes: u64,
    pub width_px: u32,
    pub height_px: u32,
}
impl Rendered {
    pub fn extension(&self) -> &'static str {
        "jpg"
    }
}
pub async fn rendition_for(
    _a: &crate::app::App,
    _x: &asset::Asset,
    _c: &crate::networks::capabilities::ImageRules,
) -> Result<Rendered, crate::people::Refusal> {
    Err(crate::people::Refusal::NotThere)
}

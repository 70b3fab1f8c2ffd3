mod components;
mod contrast;
mod gallery;

//! What the set-up page asks for, as typed.

use crate::base::seal::Secret;
use crate::http::Form;
use crate::people::person::NewPerson;
use crate::people::set_up::First;
use crate::people::workspace::Settings;

/// The fields, as typed. The password does not go back into the page.
#[derive(Clone, Debug, Default)]
pub(super) struct SetupForm {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) sign_in: String,
    pub(super) workspace: String,
    pub(super) zone: String,
}

impl SetupForm {
    pub(super) fn read(form: &Form) -> Self {
        Self {
            code: form.text("code"),
            name: form.text("name"),
            sign_in: form.text("sign_in"),
            workspace: form.text("workspace"),
            zone: form.text("zone"),
        }
    }

    pub(super) fn first(&self, password: String) -> First {
        First {
            code: Secret::new(self.code.clone()),
            person: NewPerson { name: self.name.clone(), sign_in: self.sign_in.clone(), password },
            workspace: Settings::usual(self.workspace.clone(), self.zone.clone()),
        }
    }
}

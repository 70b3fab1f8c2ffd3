# Every word a person sees, in English. One section for each screen, keys begin with its name.
# Numbers are passed as numbers (they choose the form and are grouped); years, codes and written times as text.
# An error says what happened, what was kept, and what to do.

## Dates and times

date-clock = { $hour }:{ $minute }
date-day-and-time = { $day } { $time }
date-day = { $weekday } { $day } { $month }
date-day-short = { $weekday } { $day } { $month }
date-day-short-year = { $weekday } { $day } { $month } { $year }
date-short = { $day } { $month }
date-short-year = { $day } { $month } { $year }
date-month-and-year = { $month } { $year }
date-absolute = { $day } { $year }, { $time } ({ $zone })
date-today = Today
date-tomorrow = Tomorrow
date-yesterday = Yesterday
date-just-now = Just now
date-seconds = { $count } s
date-minutes = { $count } min
date-hours = { $count } h
date-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
date-weekday = { $number ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
date-weekday-short = { $number ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
}
date-month = { $number ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date-month-short = { $number ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}

## The frame of every page

app-name = Belfry
page-title = { $page } · { $workspace }
page-title-alone = { $page } · Belfry
frame-skip = Skip to the content
frame-main-places = Main places
frame-notices = Notices
frame-search = Search
frame-close = Close
frame-back = Back
frame-undo = Undo
frame-dismiss = Put away
frame-sign-out = Sign out
frame-no-connection = No connection to Belfry. Nothing is lost: what you write stays on this device, and this page tries again by itself.
frame-went-wrong = That did not work. Nothing was changed; please try again.
frame-working = Working…
frame-unread-word = new
frame-unread = { $count ->
    [one] { $count } new
   *[other] { $count } new
}
place-today = Today
place-calendar = Calendar
place-compose = Compose
place-inbox = Inbox
place-ideas = Ideas
place-queue = Queue
place-posts = Posts
place-media = Media
place-analytics = Analytics
place-strategy = Strategy
place-listen = Listen
place-channels = Channels
place-people = People
place-activity = Activity
place-settings = Settings
place-more = More

## Components

counter-of = { $used } of { $limit }
counter-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
counter-at-channel = { $channel }: { $count }
counter-over = { $count ->
    [one] { $count } character too many
   *[other] { $count } characters too many
}
state-draft = Draft
state-planned = Planned
state-waiting = Waits for a yes
state-sending = Sending
state-by-hand = Waits for you
state-published = Published
state-partly-out = Partly out
state-failed = Did not go out
state-held = On hold
state-unsure = Not sure yet
state-withdrawn = Taken back
field-optional = optional
field-show-password = Show the password
errors-title = { $count ->
    [one] One thing to put right
   *[other] { $count } things to put right
}
copy-do = Copy
copy-done = Copied
copy-by-hand = The browser does not let this page copy. The text is selected: copy it from there.
chart-numbers = Show the numbers
chart-before = { $count } before
page-earlier = Earlier
page-later = Later
page-parts = Pages of this list
saved-never = Not saved yet
saved-saving = Saving…
saved-done = Saved
saved-kept-here = Kept on this device. Belfry cannot be reached; it is saved as soon as it can.
saved-conflict = Not saved: someone else saved it meanwhile. Both texts are kept.
saved-later = What you wrote without a connection is saved among the posts now.
saved-failed = Not saved: Belfry did not accept it. Your words are kept on this device.
media-choose = Choose pictures
media-uploading = Uploading { $name }
media-failed = { $name } did not arrive. The rest of the post is kept; please try again.
theme-label = Colours
theme-auto = As the device
theme-light = Light
theme-dark = Dark
theme-keep = Keep these colours
qr-label = QR code for { $address }

## No connection

offline-title = No connection
offline-text = Belfry cannot be reached at the moment. Drafts on this device are safe. Check the network, then try again.
offline-again = Try again

## Media

media-error-too-large = This file is larger than { $megabytes } MB and was not kept. Please choose a smaller one, or save the picture at a smaller size first.
media-error-empty = This file is empty. Please choose it again.
media-error-disk-full = The disk of this server is nearly full ({ $megabytes } MB free), so the picture was not kept. Everything else is safe. Whoever runs the server needs to make room.
media-error-svg = This is an SVG drawing. Networks do not take it, and it can hold programs. Please export it as PNG and upload that.
media-error-heic = This is a HEIC photo, which most networks do not take. Please save or share it as JPEG first. On an iPhone, Settings › Camera › Formats › Most Compatible takes all new photos as JPEG.
media-error-avif = This is an AVIF picture, which most networks do not take. Please save it as JPEG or PNG and upload that.
media-error-video = This is a video. Belfry takes pictures: JPEG, PNG, GIF and WebP.
media-error-sound = This is a sound file. Belfry takes pictures: JPEG, PNG, GIF and WebP.
media-error-pdf = This is a PDF document. Please save the page you want to show as PNG or JPEG and upload that.
media-error-other-picture = This kind of picture cannot be shown everywhere. Please save it as an ordinary JPEG or PNG and upload that.
media-error-unknown = Belfry does not know what this file is. It takes pictures: JPEG, PNG, GIF and WebP.
media-error-too-many-pixels = This picture has { $width } × { $height } pixels; { $limit } megapixels are the most that Belfry takes. Please save it at a smaller size and upload that.
media-error-too-much-work = Opening this picture would take more memory or time than this server has for one. Please save it at a smaller size, or as an ordinary JPEG, and upload that.
media-error-damaged = This picture is damaged or did not arrive whole, so it was not kept. Please upload it again, or open and save it anew first.
media-error-animated-does-not-fit = This animation is larger than the network takes, or of a kind it does not take. Please choose a smaller one, or a picture that does not move.
media-error-no-type-fits = The network takes no kind of picture that Belfry can make from this one. The picture is kept; please choose another one for this network.
media-error-too-small-a-limit = The network takes only very small pictures, and this one cannot be made that small. The picture is kept; please choose another one for this network.
media-error-disk = The disk of this server did not take the picture. Everything else is safe. Please try again; if it happens again, whoever runs the server should look at the disk.
media-error-broken = Something went wrong in Belfry while it worked on this picture, and it was not kept. Please try again, or save the picture as an ordinary JPEG first.
media-already-there = This picture is already in the library; the one that was there is used.
media-alt-too-long = This description is too long by { $over ->
    [one] one character
   *[other] { $over } characters
}; { $limit } are the most. Nothing was lost: please shorten it.
media-focus-outside = The point that matters lies outside the picture. Please choose a point inside it.
media-still-planned = { $count ->
    [one] A planned post uses this picture, so it was kept. Take it out of the post first.
   *[other] { $count } planned posts use this picture, so it was kept. Take it out of them first.
}

## What did not happen, and what to do

refusal-may-not = Your role does not allow this here. Nothing was changed. Ask an owner or admin of the workspace if you need it.
refusal-not-there = There is nothing here, or it is not yours to see. It may have been removed, or the address is incomplete.
refusal-changed-meanwhile = Someone else changed this while you were at it. Nothing was overwritten. Load the page again, look, and try once more.
refusal-invalid = { $count ->
    [one] One thing has to be put right first. Nothing was changed.
   *[other] { $count } things have to be put right first. Nothing was changed.
}
refusal-too-often = That was tried too often. Nothing was changed.
refusal-network-not-sent = The network could not be reached, and nothing was sent. Please try again later. (It said: { $reason }.)
refusal-network-wait = The network asks to wait a while. Nothing was changed. Please try again later. (It said: { $reason }.)
refusal-network-refused = The network refused this. Nothing was changed. (It said: { $reason }.)
refusal-network-reconnect = The network no longer lets Belfry in. Connect the channel again, then try once more. (It said: { $reason }.)
refusal-network-unclear = The network did not say whether it did this. Look there before you try again. (What is known: { $reason }.)
refusal-network-address = Belfry may not, or cannot, ask this address. Please check it. ({ $reason }.)
refusal-store = The store could not do this, and nothing was changed. The log of the server says more; belfry doctor helps to find out why.
failure-title = That did not work
failure-title-signed-out = Please sign in
failure-title-not-allowed = Not allowed here
failure-title-not-there = Not there
failure-not-signed-in = You are not signed in any more. Press Back to keep what you typed, sign in in another tab, then send it again.
failure-forged = This did not seem to come from a page of your Belfry, so nothing was changed. Press Back, load the page again, and send it once more; what you typed is still there.
failure-no-such-page = There is no such page. The address may be incomplete.
failure-no-such-method = This address cannot be used that way. Nothing was changed.
failure-too-large = That was more than Belfry takes at once ({ $mib } MiB). Nothing was changed. Press Back, make it smaller, and try again.
failure-unreadable = Belfry could not read what was sent, so nothing was changed. Press Back: what you typed is still there.
failure-busy = Too much is going on at the moment. Nothing was changed. Please try again in a few seconds.
failure-broken = Something in Belfry went wrong, and nothing was changed. The log of the server says more.
failure-typed = What you typed
failure-typed-hint = Nothing of it is lost: copy it from here, or press Back.
failure-home = To the start
failure-try-in = You can try again in { $span }.

## The same for programs: a title per type, and what pages would say in other words

problem-may-not = Not allowed
problem-not-there = Not there
problem-changed-meanwhile = Changed meanwhile
problem-invalid = Something in it cannot be used
problem-against-a-rule = Against a rule
problem-too-often = Too often
problem-network = The network did not take part
problem-busy = Busy
problem-disk-full = The disk is full
problem-too-large = Too large
problem-store-stopped = The store takes no more changes
problem-store = The store failed
problem-not-signed-in = No token, or none that is known
problem-token-expired = The token has expired
problem-forged = Not believed
problem-no-such-page = No such address
problem-no-such-method = Not this method
problem-wrong-type = Another content type is wanted
problem-unreadable = It cannot be read
problem-key-reused = The key was used for something else
problem-broken = Belfry failed
problem-detail-may-not = The person behind this token may not do this here, or the token lacks the scope { $scope }. Nothing was changed.
problem-detail-changed-meanwhile = Someone else changed this since it was read. Nothing was overwritten. Read it again, look, and send the change with the edition it has now.
problem-detail-not-signed-in = Send a token as “Authorization: Bearer belfry_…”. Owners and admins make them in Settings or with belfry token create. One that was revoked is not known any more.
problem-detail-token-expired = This token was good until { $when }. Make a new one in Settings or with belfry token create.
problem-detail-no-such-page = There is no such address. The document at /api/v1/openapi.json names every one.
problem-detail-no-such-method = This address takes { $allow }. Nothing was changed.
problem-detail-too-large = That was more than is taken at once ({ $mib } MiB). Nothing was changed.
problem-detail-wrong-type = This address takes { $takes }; name it in Content-Type. Nothing was changed.
problem-detail-unreadable = What was sent cannot be read ({ $reason }). Nothing was changed.
problem-detail-key-reused = This Idempotency-Key came with another request within the last day. Nothing was changed. Take a new key for each thing that shall be made.
problem-key-unfit = Use 1 to { $most } visible letters, digits and signs, a new key for each thing that shall be made.
problem-value = This cannot be used here: { $reason }.
problem-object-wanted = A JSON object is wanted.
problem-zero = Text must not hold the sign of number zero.
problem-cursor = This cursor is not one of this list. Take “next” as it came, with the same filters.
connect-needs-a-browser = This way of connecting goes on at the network’s own page. Connect the account in Channels.
problem-stage = Use draft, planned or out.
problem-limit = Use a number from 1 to { $most }.
problem-time = Use “now”, a local time such as 2026-12-01T09:00, or an instant such as 2026-12-01T09:00:00Z.
problem-instant = Use an instant such as 2026-12-01T09:00:00Z.
problem-period = The first day must not come after the last, and a period has at most { $most } days.
problem-file-missing = Send a form with the picture in the field “file”.
problem-detail-forged = This is not believed ({ $reason }). Nothing was changed.


## Roles

role-owner = Owner
role-admin = Admin
role-editor = Editor
role-author = Author
role-approver = Approver
role-viewer = Viewer
role-owner-about = May do everything, and alone can hand over or delete the workspace.
role-admin-about = May do everything but that, and touches no owner.
role-editor-about = Plans and publishes everyone’s posts, answers the inbox.
role-author-about = Writes, and publishes own posts where no approval is needed.
role-approver-about = Says yes or no to posts.
role-viewer-about = Looks on and comments.

roles-title = What each role may do
roles-action = May
roles-yes = yes
roles-no = no
roles-not = Not: { $list }
grant-own = own
grant-where-allowed = where allowed
grant-drafts = as drafts
grant-not-owners = not owners
may-see-posts = See calendar and posts
may-see-figures = See figures
may-see-channels = See channels
may-see-media = See pictures
may-see-people = See people and activity
may-comment = Comment on posts
may-write = Write drafts and ideas
may-add-media = Add pictures
may-schedule = Schedule and publish
may-approve = Approve and return
may-edit-others = Change and delete what others wrote
may-read-inbox = Read the inbox
may-answer = Answer, hide, hand over
may-see-sources = See listeners, feeds and reports
may-manage-sources = Change listeners, feeds and reports
may-see-strategy = See strategy and goals
may-manage-strategy = Change strategy and goals
may-manage-channels = Connect and remove channels, make tokens
may-manage-members = Invite people and change roles
may-manage-settings = Change settings, export
may-end-workspace = Delete the workspace, hand it over

## Persons and workspaces: what is typed

person-name-missing = Enter a name.
person-name-long = Use at most 80 characters, on one line.
person-sign-in-missing = Enter a name or e-mail address to sign in with.
person-sign-in-signs = Use letters, digits and . _ - @ + only, no spaces.
person-sign-in-taken = This sign-in name is taken. Choose another.
person-password-short = Use at least { $least } characters. Several words are good.
person-password-long = Use at most { $most } characters.
person-password-is-name = Choose a password that is not the sign-in name.
person-password-wrong = This is not your present password.
workspace-name-missing = Enter a name for the workspace.
workspace-name-long = Use at most 60 characters, on one line.
workspace-name-taken = There are too many workspaces of this name. Choose another.
workspace-zone-unknown = Choose a time zone from the list, such as Europe/London.
workspace-tone-unknown = Choose one of the twelve colours.
workspace-late-range = Enter a number of hours from 1 to 720.
workspace-week-unknown = Choose a day.
member-way-back-over = That was too long ago to take back. Make an invitation instead.
member-last-owner = A workspace needs an owner. Make someone else an owner first.
invitation-too-many = There are very many open invitations. Take some back first.
invitation-gone = This invitation has been used, taken back, or is older than seven days. Ask for a new one.
invitation-member-already = You are a member of this workspace already.
token-name-missing = Say what the token is for, in at most 80 characters.
token-scopes-missing = Choose at least one thing the token may touch.
token-too-many = There are very many tokens. Revoke some first.
token-days-range = Use a number of days from 1 to 3,650.

## Set-up

set-up-title = Welcome to Belfry
set-up-lede = One page, then you can write your first post.
set-up-code = Set-up code
set-up-code-hint = It stands in the terminal or the log where Belfry was started, like K7QF-2M9D-XW3T. It shows that this server is yours.
set-up-code-wrong = This is not the code that Belfry printed at its last start.
set-up-done = This Belfry is set up already. Sign in, or ask who runs it for an invitation.
set-up-name = Your name
set-up-name-hint = Others see it beside what you do.
set-up-sign-in = Sign-in name or e-mail address
set-up-password = Password
set-up-password-hint = At least 10 characters. It stays on this server.
set-up-workspace = Name of the workspace
set-up-workspace-hint = The brand, shop or group you post for. You can add more later.
set-up-zone = Time zone
set-up-button = Set up Belfry

## Sign-in

sign-in-title = Sign in
sign-in-name = Sign-in name or e-mail address
sign-in-password = Password
sign-in-button = Sign in
sign-in-wrong = Name and password do not belong together. Please check both.
sign-in-busy = Many are signing in at the moment. Please try again in a few seconds.
sign-in-lost = Lost your password? Who runs this server can set a new one: belfry user password NAME.
sign-in-too-often = That was tried too often. You can try again in { $span }.

## Invitations

invite-title = Join { $workspace }
invite-lede = { $by } invites you as { $role }. { $about }
invite-gone-title = This invitation is over
invite-join = Join { $workspace }
invite-as = You are signed in as { $name }.
invite-new = I am new here
invite-known = I have an account here
invite-known-button = Sign in first
invite-notice = You are in. Welcome!

## Workspaces

workspaces-title = Workspaces
workspaces-none = You are not a member of a workspace
workspaces-none-text = Ask someone for an invitation, or make a workspace if you run this server.
workspaces-new = New workspace
workspaces-create = Make the workspace

## Lists of posts

list-or = { $list } or { $last }

## Today

today-needs = Needs you
today-needs-nothing = Nothing waits for you
today-needs-nothing-text = What fails, is held or wants an answer shows up here.
today-needs-more = { $count ->
    [one] Show { $count } more
   *[other] Show { $count } more
}
today-reconnect = { $channel } wants you to sign in again
today-paused = { $channel } is paused
today-kept = { $count ->
    [0] What you plan is kept until then
    [one] { $count } post is kept until then
   *[other] { $count } posts are kept until then
}
today-a-network = A network
today-networks = { $count ->
    [one] { $count } network
   *[other] { $count } networks
}
today-by-hand = It is time: post it on { $place } by hand. Text and pictures are ready.
today-unsure = Is it out on { $place }? Belfry cannot tell. Look there and decide.
today-partly-out = Only a part is out on { $place }. Choose how to go on.
today-failed = { $place } refused it. It is kept: see why, and try again.
today-replies = { $count ->
    [one] { $count } new conversation
   *[other] { $count } new conversations
}
today-replies-oldest = The oldest
today-next = Next out
today-next-all = Calendar
today-next-none = Nothing is planned
today-next-none-text = What you schedule next stands here, with its time and where it goes.
today-write = Write a post
today-month-so-far = { $month } so far
today-against = Against the { $days ->
    [one] day
   *[other] { $days } days
} before
today-drafts = Drafts
today-saved = Saved
today-steps = Your first post
today-steps-text = Three steps, a few minutes.
today-step-done = done
today-step-connect = Connect a channel
today-step-connect-text = An account of yours on Mastodon, Bluesky or elsewhere. Or practise first: nothing leaves this server.
today-step-connect-ask = Ask an owner or admin of this workspace to connect one.
today-step-connect-do = Connect a channel
today-step-practice = Practise first
today-step-write = Write something
today-step-write-text = A few words will do. They are saved while you type.
today-step-plan = Schedule it
today-step-plan-text = Choose a day and a time. Belfry sends it once, and shows you that it did.
today-step-plan-do = Choose a time
today-clock-title = Is the clock right?
today-clock-behind = This device says it is { $now }, but it was { $seen } before. Nothing is published until the clock is sure.
today-clock-ahead = This device says it is { $now }; when it last ran it was { $seen }. Nothing is published until the clock is sure.
today-clock-confirm = The clock is right
today-clock-ask = An owner or admin can say that it is right.
today-clock-confirmed = Good. Publishing goes on.

## Calendar

calendar-views = Views
calendar-month = Month
calendar-agenda = Agenda
calendar-month-before = The month before
calendar-month-after = The month after
calendar-days-before = Earlier days
calendar-days-after = Later days
calendar-all-channels = All channels
calendar-move = Move to…
calendar-move-post = Move “{ $post }” to…
calendar-more = +{ $count } more
calendar-many-more = Over { $count } more
calendar-day-posts = { $count ->
    [one] { $day }, { $count } post
   *[other] { $day }, { $count } posts
}
calendar-channels = { $count ->
    [one] { $count } channel
   *[other] { $count } channels
}
calendar-add-to = Add to { $day }
calendar-day-empty = Nothing went out on this day.
calendar-nothing = Nothing is planned here
calendar-nothing-text = Posts stand here day by day, with their time and how they went.

## Analytics

analytics-title = How are we doing?
analytics-periods = Periods
analytics-30d = 30 days
analytics-month = Month
analytics-quarter = Quarter
analytics-year = Year
analytics-print = Print
analytics-range = { $first } to { $last }, against the { $days ->
    [one] day
   *[other] { $days } days
} before.
analytics-posts-out = Posts out
analytics-engagement = Engagement
analytics-views = Views
analytics-followers = Followers
analytics-not-given = Not given
analytics-not-given-short = not given
analytics-not-told = No network told it
analytics-more = { $percent } % more
analytics-less = { $percent } % less
analytics-level = As before
analytics-from-nothing = None before
analytics-nothing-before = Nothing to compare with
analytics-nothing = No posts went out in this time
analytics-nothing-text = Five minutes after a post is out the first figures come, then more, ever less often, for half a year.
analytics-to-calendar = See what is planned
analytics-chart = When did people join in?
analytics-chart-days = Reactions, replies, shares, saves and clicks of the posts of each day. The pale line is the { $days } days before.
analytics-chart-weeks = Reactions, replies, shares, saves and clicks of the posts of each week. The pale line is the { $days } days before.
analytics-day = Day
analytics-week-from = Week from
analytics-days-before = { $days } days before
analytics-weekdays = Which days work?
analytics-weekdays-text = Engagement of the middle post of each weekday. The thin bar is the { $days } days before. Pale: from fewer than three posts.
analytics-no-figures = no figures
analytics-best = Which posts worked?
analytics-all-posts = All posts of this time
analytics-posts-title = Which posts worked?
analytics-post = Post
analytics-out = Out
analytics-rest = The first { $shown } of { $all } posts are shown. A shorter time shows the others.
analytics-untold = What is missing here?
analytics-untold-text = Figures that a network does not tell are left out. They are never counted as zero.
analytics-untold-some = { $network } does not tell { $list }.
analytics-untold-all = { $network } tells no figures.
analytics-count-reactions = reactions
analytics-count-comments = replies
analytics-count-shares = shares
analytics-count-saves = saves
analytics-count-clicks = clicks
analytics-count-views = views
analytics-count-followers = followers

## Activity: one sentence per thing that can happen

activity-workspace-created = made the workspace { $name }
activity-settings-changed = changed the settings
activity-role-changed = made { $person } { $role ->
    [owner] an owner
    [admin] an admin
    [editor] an editor
    [author] an author
    [approver] an approver
   *[viewer] a viewer
}
activity-member-removed = took { $person } out of the workspace
activity-member-put-back = took { $person } back into the workspace
activity-invited = made an invitation for { $note }
activity-invitation-removed = took back an invitation
activity-joined = joined the workspace
activity-token-created = made the token { $name }
activity-notices-set = set where notices go
activity-notices-removed = removed where notices went
activity-token-revoked = revoked the token { $name }

# Planning and publishing

plan-no-channel = Choose at least one channel, so that the post has somewhere to go.
plan-channel-gone = One of the channels is no longer connected. Choose another; everything you wrote is kept.
plan-in-the-past = This time has passed. Choose a later one, or publish now.
plan-too-far-ahead = That is more than five years ahead. Choose an earlier time.
plan-unknown-zone = The time zone { $zone } is not known here. Choose another under Settings; the post is kept.
post-is-out = This post has gone out, or is on its way, so it can no longer be changed here. You can change or take down what is out on each network that allows it.
post-text-too-large = This text is longer than Belfry keeps. Shorten it; nothing you wrote is lost while this page is open.
post-too-many-pictures = These are more pictures than any network takes. Remove some.
post-too-many-channels = These are more channels than one post can have. Remove some.
post-no-such-channel = There is no such channel in this workspace.
post-no-such-picture = There is no such picture in the library of this workspace.
field-required = This is needed.

publication-has-gone = It has gone out meanwhile.
publication-is-settled = This is decided already.
publication-nothing-to-release = Nothing of this post is held.
publication-nothing-out = Nothing of this post is out that could be changed or taken down.
publication-no-delete = This network does not let posts be taken down from here. Do it in its own app.
publication-no-edit = This network does not let posts be changed. You can take it down and publish it anew.
publication-url = A link begins with https://. Copy it from the address bar of the post.

held-late = Held: its time passed while Belfry was not running.
held-channel-paused = Held: the channel is paused.
held-reconnect = Held: the network no longer lets Belfry in. Connect the channel again, then it goes on.
held-channel-removed = Held: the channel is no longer connected.
held-earlier-part = Held: an earlier part did not get out.
held-by-person = Held by someone here.
held-by-hand = Waits to be published by hand.
held-fault = Held: something went wrong inside Belfry before anything left.
held-restored = Held: Belfry was restored from a backup, and this may have gone out since that backup was made. Look at the channel, then let it go on or leave it.

journal-claimed = started
journal-claimed-again = started again, try { $attempt }
journal-prepared = prepared: { $step }
journal-sent = sent
journal-answered = answered
journal-busy = the network is still busy; Belfry looks again at { $until }
journal-handed-over = someone here was asked to post it
journal-confirmed = the network said yes
journal-put-off = not sent ({ $reason }); next try at { $until }
journal-refused = refused: { $reason }
journal-unclear = no clear answer ({ $reason }); nothing more is sent until Belfry knows
journal-found = looked: it is there
journal-not-found = looked: it is not there, so it goes out
journal-safe-to-repeat = looked: it is not there yet, and the network takes it only once
journal-look-again = cannot tell yet ({ $reason }); Belfry looks again at { $until }
journal-ask = Belfry cannot tell ({ $reason }). Please look at the network and decide.
journal-released = goes on
journal-released-by = let go on by someone here
journal-decided-there = someone here says: it is out
journal-decided-not-there = someone here says: it is not out
journal-withdrawn = someone here decided to leave it
journal-imported = was out before this channel was connected

activity-publication-released = let “{ $name }” go on
activity-publication-held = held “{ $name }”
activity-publication-left = left “{ $name }” as it is
activity-publication-decided = said what became of “{ $name }”
activity-publication-taken-down = took down “{ $name }”
activity-publication-changed = changed “{ $name }” at the network

# Notices

notice-published = “{ $subject }” is out.
notice-failed = “{ $subject }” was refused. It is kept; see what the network said.
notice-held = “{ $subject }” is held. See why, and let it go on.
notice-partly-out = “{ $subject }” is partly out. Choose how to go on.
notice-unsure = Nobody knows yet whether “{ $subject }” is out. Please look and decide.
notice-by-hand = Time to publish “{ $subject }” by hand: text and pictures are ready.
notice-reconnect = { $subject } must be connected again. Its posts are kept until then.
notice-message = { $subject } wrote to you.

# Channels, what is done with them

activity-channel-connected = connected { $name }
activity-channel-paused = paused { $name }
activity-channel-resumed = let { $name } go on
activity-channel-removed = removed { $name }
connect-visit-over = This attempt to connect is over. Nothing was changed; begin again.

# Inbox, what is done there

answer-empty = Write something first.
answer-not-here = This network takes no answers from here. Answer in its own app.
answer-too-long = { $over ->
    [one] One character too many for this network.
   *[other] { $over } characters too many for this network.
}
inbox-not-a-member = This person is not a member of this workspace.

## The command line

cli-no-person = There is no person with this sign-in name. belfry user list shows them.
cli-no-member = This person is not a member of that workspace.
cli-no-workspace = There is no workspace of this name in addresses (the part after /w/).
cli-no-token = There is no such token in this workspace. belfry token list shows them.
cli-no-scope = “{ $scope }” is not a scope. Scopes look like posts:read or inbox:write; all:read and all:write name every area.
cli-no-post = There is no such post in this workspace. belfry post list shows them.
cli-no-channel = There is no channel called { $name } in this workspace. Use its handle as Channels shows it, or its id.
cli-two-channels = Several channels are called { $name }. Use the id of the one you mean.
cli-not-a-test = Only a server that was started with --test-clock takes this.

## Checks: what stands in the way of a post on a channel

check-nothing-to-say = There is nothing to say yet. Write something, or add a picture.
check-text-too-long = { $over ->
    [one] One character too many. There is room for { $limit }.
   *[other] { $over } characters too many. There is room for { $limit }.
}
check-text-too-many-bytes = { $over ->
    [one] One byte too many. There is room for { $limit }; emoji and accents take several each.
   *[other] { $over } bytes too many. There is room for { $limit }; emoji and accents take several each.
}
check-media-required = A picture is needed here. Words alone are not taken.
check-images-not-taken = Pictures are not taken here.
check-too-many-images = { $over ->
    [one] One picture too many. There is room for { $max }.
   *[other] { $over } pictures too many. There is room for { $max }.
}
check-media-type-not-taken = Files of this type are not taken here ({ $type }).
check-alt-missing = This picture has no description. People who cannot see it will not know what it shows.
check-alt-too-long = { $over ->
    [one] The description is one character too long. There is room for { $limit }.
   *[other] The description is { $over } characters too long. There is room for { $limit }.
}
check-alt-not-shown = Descriptions of pictures are not shown here. Say what matters in the text.
check-poll-not-taken = There are no polls here.
check-poll-too-few-options = { $min ->
    [one] A poll needs at least one answer to choose.
   *[other] A poll needs at least { $min } answers to choose from.
}
check-poll-too-many-options = { $max ->
    [one] A poll has at most one answer here.
   *[other] A poll has at most { $max } answers here.
}
check-poll-option-empty = This answer is empty.
check-poll-option-too-long = { $over ->
    [one] This answer is one character too long. There is room for { $limit }.
   *[other] This answer is { $over } characters too long. There is room for { $limit }.
}
check-poll-option-twice = This answer is there already.
check-poll-too-short = { $minutes ->
    [one] A poll is open for at least a minute here.
   *[other] A poll is open for at least { $minutes } minutes here.
}
check-poll-too-long = { $days ->
    [one] A poll is open for at most a day here.
   *[other] A poll is open for at most { $days } days here.
}
check-poll-one-answer-only = Only one answer can be chosen here.
check-poll-with-media = A poll and pictures do not go together here. Take one of them out.
check-warning-not-shown = Warnings before a post are not shown here. Put it into the text where it matters.
check-visibility-narrower = This choice of who can see it is not known here. The next narrower one is taken.
check-visibility-not-kept = It would be seen by more people here than you chose. Choose another, or leave this channel out.
check-replies-not-kept = Who may answer cannot be chosen here. Everyone will be able to.
check-quote-not-taken = Posts cannot be quoted here. Put the link into the text.
check-thread-not-taken = There are no threads here. Shorten it to one part.
check-first-comment-not-taken = A first comment cannot be made here. Put it into the text.
check-unreadable = This line could not be read ({ $reason }).
check-note-made-smaller = The picture is made smaller for this channel. Your original stays as it is.
check-note-converted = The picture is converted for this channel. Your original stays as it is.
# Compose

compose-text = Text
compose-placeholder = What do you want to say?
compose-channels = Channels
compose-no-channels = First, connect a channel
compose-no-channels-text = A channel is an account somewhere, such as Mastodon or Bluesky. The practice network needs no account at all.
compose-connect = Connect a channel
compose-look = Show channels, checks and preview anew
compose-differs = Differs
compose-variant = Text for { $channel }
compose-variant-hint = A line of three dashes (---) begins the next post of a thread.
compose-variant-same = Left empty, it says the same as above
compose-each = Say it differently on
compose-begin = Begin with the text above
compose-left-out = Leave out picture { $number } { $alt }
compose-no-comment = Leave out the first comment
compose-differs-now = { $channel } now says something of its own. The others stay as they are.
compose-undo = Undo
compose-everywhere = On every channel
compose-said = { $count ->
    [0] Nothing stands in the way.
    [one] One thing has to be put right first.
   *[other] { $count } things have to be put right first.
}
mend-split = Split into a thread
mend-trim = Trim
mend-join = Make it one post
mend-leave-out = Leave out here
mend-no-comment = Leave out here
lead-describe = Describe it
lead-shorten = Shorten it
lead-add-picture = Add a picture
lead-poll = Change the poll
lead-look = Change it
preview-show = Preview
preview-title = Preview
preview-none = Choose a channel to see how it will look there.
preview-at = How it looks on { $network }, { $channel }
preview-by-hand = At its time you copy this, save the pictures in this order, and post it yourself.
preview-comment = First comment
preview-poll-open = Open for { $span }
preview-unfold = Show more
preview-part = { $number } of { $count }
preview-more = … and { $count } more characters
preview-undescribed = Picture without a description
preview-no-alt = No description
preview-card = Its title and picture come from the page itself.
compose-more = More: warning, language, who sees it, first comment, poll
compose-warning = Content warning
compose-warning-hint = Shown before the post, where the network can.
compose-visibility = Who sees it
visibility-public = Everyone
visibility-unlisted = Everyone, but in no public list
visibility-followers = Followers
visibility-direct = Only who is named
compose-language = Language
compose-language-hint = A short code, such as en or de.
compose-first-comment = First comment
compose-first-comment-hint = Goes out right below the post, where the network can.
compose-poll = Poll
compose-poll-option = Answer { $number }
compose-poll-for = Open for
compose-poll-multiple = More than one answer may be chosen
poll-hour = an hour
poll-six-hours = six hours
poll-day = a day
poll-three-days = three days
poll-week = a week
compose-when = When
compose-date = Date
compose-time = Time
compose-zone = In the time of { $zone }.
compose-schedule = Schedule
compose-schedule-for = Schedule for { $when }
compose-at = At a time
compose-right-now = Now
compose-as-draft = Draft
compose-back-to-draft = Back to the drafts
compose-now = Publish now
compose-save = Save draft
compose-saved = Saved as a draft.
compose-planned = Planned for { $when }.
compose-is-planned = This post is planned for { $when }. What you save here is what goes out.
compose-date-unread = This date cannot be read. Write it as 2026-11-28.
compose-time-unread = This time cannot be read. Write it as 09:00.
compose-changed-meanwhile = Someone else saved this post while you were writing. Both texts are kept: choose one below.
compose-conflict = { $name } saved this post { $when } while you were writing. Your words are still in the fields; this is what is different in the other text. If you go on with yours, the other stays among the versions. If you take the other, yours is left behind: copy from it first what you want to keep.
compose-conflict-text = What { $name } wrote
compose-conflict-mine = Go on with mine
compose-conflict-theirs = Take the other
check-at-channel = { $channel }: { $problem }

# The page of a post

post-untitled = Without words
post-unplanned = Taken back. It is a draft again.
post-trashed = Deleted here.
post-restored = It is back among the drafts.
post-is-deleted = This post is deleted here.
post-restore = Bring it back
post-trash = Delete
post-undo = Undo: back to the drafts
post-edit = Edit
post-versions = Versions
post-goes-out-in = Goes out in { $count } s
post-is-leaving = It is going out now.
post-has-gone-out = It is out.
post-needs-someone = Not all of it went out. What to do stands below.
versions-title = Versions
versions-none = No earlier versions yet
versions-none-text = When someone else saves this post, or you come back to it later, what it said before is kept here.
versions-now = As it is now
versions-earlier = Earlier
versions-first = The oldest version that is kept.
versions-same = Nothing changed.
versions-text = How it read
versions-bring-back = Bring this one back
versions-back = Brought back. What it said before is among the versions.
versions-undo = Undo
versions-variant = For { $channel }:
versions-added = (added:
versions-removed = (removed:
versions-end = )
versions-pictures-added = { $count ->
    [one] A picture added
   *[other] { $count } pictures added
}
versions-pictures-removed = { $count ->
    [one] A picture taken out
   *[other] { $count } pictures taken out
}
versions-pictures = Pictures described or ordered otherwise
versions-channels-added = { $count ->
    [one] A channel added
   *[other] { $count } channels added
}
versions-channels-removed = { $count ->
    [one] A channel taken out
   *[other] { $count } channels taken out
}
versions-warning = Another content warning
versions-language = Another language
versions-audience = Seen or answered by others
versions-poll = Another poll
versions-first-comment = Another first comment
post-by = By { $name }
post-warning = Warning: { $warning }
post-move-title = Another time
post-move = Move
post-moved = Moved to { $when }.
post-publications = What became of it
post-chart = How did it go?
post-chart-text = Reactions, comments, shares, saves and clicks so far, all channels together.
post-chart-when = When
post-chart-count = So far
plan-shift-skipped = On that day the clocks go forward and this time does not exist; the post goes out an hour later by the clock.
plan-shift-twice = On that day the clocks go back and this time comes twice; the post goes out the first time.
posts-none = Nothing written yet
posts-none-text = What you write is kept here: drafts, what is planned, and what is out.
posts-begin = Write the first post
posts-drafts = Drafts
posts-planned = Planned
posts-out = Out
publication-part = Part { $number }
publication-first-comment = First comment
publication-answer = Answer
publication-edit = Change
publication-delete = Taking down
publication-channel-gone = A channel that is no longer connected
publication-is-down = Taken down
publication-open = See it on { $network }
publication-story = What happened, step by step
publication-release = Let it go on
publication-hold = Hold
publication-leave = Leave it as it is
publication-take-down = Take down
publication-change = Change what it says
publication-new-text = New text
publication-change-now = Change it at the network
publication-unsure-text = Belfry sent this and got no clear answer, and the network gives no way to find out. Please look there: is the post out? Until you say so, nothing more is sent.
publication-link = Link to the post
publication-is-there = It is out
publication-is-not-there = It is not out: send it
publication-copy = Copy the text
publication-done = Done
publication-released = It goes on.
publication-held = Held. It goes out once you let it go on.
publication-left = Left as it is.
publication-decided = Thank you. That is settled.
publication-taking-down = It is being taken down.
publication-changing = The change is on its way.
count-reactions = { $count ->
    [one] { $count } reaction
   *[other] { $count } reactions
}
count-comments = { $count ->
    [one] { $count } comment
   *[other] { $count } comments
}
count-shares = { $count ->
    [one] { $count } share
   *[other] { $count } shares
}
count-quotes = { $count ->
    [one] { $count } quote
   *[other] { $count } quotes
}
count-saves = { $count ->
    [one] { $count } save
   *[other] { $count } saves
}
count-clicks = { $count ->
    [one] { $count } click
   *[other] { $count } clicks
}
count-views = { $count ->
    [one] { $count } view
   *[other] { $count } views
}

## By hand

by-hand-title = Post it on { $app }
by-hand-title-change = Change it on { $app }
by-hand-title-take-down = Take it down on { $app }
by-hand-now = It is time to post this by hand. Text and pictures are ready.
by-hand-go = Post it now
by-hand-pictures = { $count ->
    [one] Save the picture
   *[other] Save the { $count } pictures in this order
}
by-hand-pictures-text = { $count ->
    [one] It has the size and kind the app takes. Save it, or hold a finger on it and choose to add it to your photos.
   *[other] They have the size and kind the app takes. Save each, or hold a finger on it and choose to add it to your photos.
}
by-hand-picture = Picture { $number }
by-hand-facts = { $width } × { $height } pixels, { $kib } KiB
by-hand-save = Save picture { $number }
by-hand-alt = Description of picture { $number }
by-hand-copy-alt = Copy its description
by-hand-text = Copy the text
by-hand-text-label = Text
by-hand-parts = Copy the parts, one after the other
by-hand-parts-text = Each answers the one before it.
by-hand-copy-part = Copy part { $number }
by-hand-copy-comment = Copy the first comment
by-hand-comment-text = Write it right below the post, once that is out.
by-hand-open = Open { $app }
by-hand-open-title = Post it on { $app }
by-hand-open-other = Post it in the app
by-hand-open-text = On a phone the app opens, where it is installed. Choose the pictures, paste the text, and post.
by-hand-open-change = Find the post there, and put the text above in place of what it says.
by-hand-open-take-down = Find the post there, and delete it.
by-hand-finish = Come back and say that it is out
by-hand-finish-plain = Come back and say that it is done
by-hand-link-hint = In the app, “Share” and then “Copy link” gives it. Without a link Belfry cannot lead to the post, and figures cannot be linked to it.
by-hand-link-unread = A link begins with https:// and names a site. Copy it from the app with “Share”, then “Copy link”; or leave it empty.
by-hand-link-elsewhere = This link does not lead to { $app }: its links go to { $site }. Copy the link of the post there, or leave it empty.
by-hand-ask = Who planned this post, an editor, an admin or an owner can say that it is done.
by-hand-done = Done. Thank you.
by-hand-done-without = Done, without a link: figures cannot be linked to this post.
by-hand-skip = I will not post this
by-hand-skip-plain = I will not do this
by-hand-skipped = All right, it will not be posted.
by-hand-taken-up = It waits for you again.
by-hand-take-up = Post it after all

## More

more-places = Places
more-elsewhere = Elsewhere

## People

people-members = Members
people-me = { $name } (you)
people-role = Role
people-role-keep = Give this role
people-remove = Take { $name } out of the workspace
people-removed = { $person } is no longer a member. What they wrote stays.
people-put-back = { $person } is a member again.
people-role-changed = { $person } is { $role } from here on.
people-last-owner = Owner, and the only one
people-leave = Leave the workspace
people-ask = Owners and admins invite others and change roles.
people-invitations = Open invitations
people-invitation = { $role } · good until { $until }
people-invitation-removed = The invitation is taken back. Its link opens nothing any more.
people-take-back = Take back
people-someone = Someone
people-invite-title = Invite someone
people-invite = Make a link
people-note = For whom
people-note-hint = Only you and other admins see this.
people-link = The link
people-link-text = Hand this link over, or let it be scanned. It works once, for seven days, and is shown only now.

## Activity

activity-latest = What happened
activity-none = Nothing has happened yet
activity-none-text = Who did what stands here, newest first. It cannot be edited.
activity-someone-gone = Someone who has left
activity-unknown = did something this version of Belfry has no words for

## Settings

settings-kept = The settings are kept.
settings-keep = Keep these settings
settings-workspace = The workspace
settings-tone = Colour
settings-tone-number = Colour { $number }
settings-late = Hold posts that are late by more than (hours)
settings-late-hint = After a power cut, posts that are less late go out, one after another. Older ones wait for you.
settings-week = The week begins on
settings-colours = Colours
settings-sessions = Where you are signed in
settings-session-this = This browser
settings-session-unknown = A browser
settings-session-seen = last used: { $seen }
settings-session-end = Sign out there
settings-sessions-end = Sign out everywhere else
settings-sessions-ended = { $count ->
    [0] There was nowhere else to sign out.
    [one] Signed out there.
   *[other] Signed out in { $count } places.
}
settings-password = Your password
settings-password-old = Present password
settings-password-new = New password
settings-password-change = Change the password
settings-password-changed = The password is changed. You are signed out everywhere else.
settings-tokens = Tokens for programs
settings-token-make = Make a token for a program
settings-token-name = What it is for
settings-token-scopes = What it may touch
settings-token-create = Make the token
settings-token-new = The token
settings-token-text = Copy it: it is shown only now. It may do what you may do, within what you chose.
settings-token-revoke = Revoke
settings-token-revoked = The token is revoked.
settings-token-unused = never used
settings-token-expires = Good for
settings-token-expires-never = Until it is revoked
settings-token-ends = good until { $when }
settings-token-over = ended { $when }
settings-api = For programs
settings-api-text = Everything a program can do here, it does at this address, with a token from above:
settings-api-address = The address of the API
settings-api-document = Each address, what it takes and what it answers, is told by
settings-api-openapi = the OpenAPI document
settings-api-example = To try it, in a terminal:
settings-api-command = A command to try
settings-http-title = This page came without HTTPS
settings-http-text = Everything works but what browsers keep for secure pages. On the home network that is fine; over the internet use HTTPS.
settings-http-off = Off without HTTPS:
settings-http-off-push = notices on the phone when Belfry is closed
settings-http-off-install = Belfry as an app on the home screen, and in the share sheet
settings-http-off-drafts = opening Belfry without a connection (what you type is still kept on the device)
settings-http-ways = Ways to get it:
settings-http-way-proxy = a proxy such as Caddy in front, with public_url and trusted_proxies set
settings-http-way-tailscale = Tailscale: tailscale serve 8420 gives an HTTPS address that only your devices reach
settings-http-way-own = a certificate authority of your own, installed on your devices

## Notices on a phone

notices-title = Notices
notices-none = Belfry can ring your phone when something needs you. Until you choose how, notices stand on Today only.
notices-row = Where notices go
notices-row-text = Let Belfry ring your phone when something needs you.
notices-told = What rings
notices-told-by-hand = It is time to post something by hand
notices-told-person = A post is held, refused or in doubt
notices-told-reconnect = A channel must be connected again
notices-told-message = Someone wrote
notices-go-to = Notices go to { $host }.
notices-lead-to = A tap on one leads to { $address }.
notices-change = Change where they go
notices-ntfy = With ntfy, a free app
notices-ntfy-step-1 = Put the ntfy app on your phone (ntfy.sh; it is in the app shops and on F-Droid).
notices-ntfy-step-2 = Copy the topic below, and subscribe to it in the app.
notices-ntfy-step-3 = Keep it here, and send a test.
notices-topic = Topic
notices-topic-hint = Who knows it can read your notices: this one was made so that nobody guesses it. It is sealed once kept, and not shown again.
notices-topic-unread = A topic is letters, digits, - and _, at most { $most } of them.
notices-server = Server
notices-server-hint = Leave it empty for ntfy.sh. A server at home must be named in allow_hosts of Belfry’s configuration.
notices-token = Access token
notices-token-hint = Only for topics that are kept for some.
notices-token-unread = An access token is one word without spaces. Copy it once more.
notices-webhook = With a webhook
notices-url = Address
notices-url-hint = Each notice is sent there as a JSON object: id, at, what, workspace, text, link.
notices-address-refused = Belfry may not ask this address ({ $reason }). If it is yours, add its host to allow_hosts in Belfry’s configuration.
notices-keep = Keep it
notices-set = Kept. Send a test to see that it arrives.
notices-remove = Remove
notices-removed = Removed. Notices stand on Today only.
notices-test = Send a test
notices-test-text = This is a test. Belfry reaches you here.
notices-test-ill = The test did not arrive
notices-test-well = { $host } took it. It is on its way to every phone that subscribed to the topic.
notices-test-taken = { $host } took it (answer { $status }).
notices-test-not-ntfy = { $host } answered, but not as an ntfy server does. Is this the address of one?
notices-test-shut = { $host } lets nobody write to this topic without a token, or not with this one. Make an access token there, and keep the topic here with it.
notices-test-refused = { $host } refused it: the address asks for a sign-in, or no longer holds.
notices-test-nothing-there = At { $host } nothing takes notices at this address. Check it for a slip.
notices-test-too-often = { $host } got too much today or in this minute, and asks to wait. Your notices are kept and tried again for a day.
notices-test-status = { $host } answered with { $status }: { $said }
notices-test-address = Belfry may not ask { $host } ({ $reason }). If it is yours, add it to allow_hosts in Belfry’s configuration.
notices-test-unclear = { $host } gave no clear answer ({ $reason }). Look at your phone before you try again.
notices-test-not-reached = { $host } could not be reached ({ $reason }). Check the address and the network.
notices-closed = The address of notices does not open with this server’s key. Remove it, and keep it anew.

# The library

media-alt = Description
media-alt-mark = ALT
media-alt-placeholder = What is to be seen, for people who do not see it
media-alt-hint = Read out to people who do not see the picture. Networks show it as alt text.
media-take-out = Take out of this post
media-upload = Upload
media-none = No pictures yet
media-none-text = Choose some above, or add one to a post while you write. They are kept here, without the place where they were taken, and can be used again.
media-none-write = Write a post with a picture
media-none-chosen = No picture was chosen.
media-added = { $count ->
    [one] The picture is in the library.
   *[other] { $count } pictures are in the library.
}
media-added-already = { $already ->
    [one] One of these was in the library already; it is kept once.
   *[other] { $already } of these were in the library already; they are kept once.
}
media-older = Older pictures
media-unnamed = Picture without a description: { $name }
media-one = Picture
media-facts = { $width } × { $height } pixels, { $kib } KiB. Where it was taken has been removed.
media-save = Save the description
media-described = The description is saved.
media-remove = Remove from the library
media-removed = Removed from the library.
# Channels

channels-none = No channel yet
channels-none-text = A channel is an account somewhere, such as Mastodon or Bluesky. Begin with Practice: a network inside Belfry, where everything works and nobody outside sees it.
channels-begin-practice = Begin with Practice
channels-new = Connect a channel
channels-new-short = Connect
channels-new-try = To try everything, without an account anywhere
channels-new-real = Where your people are
channels-connect-title = Connect { $network }
channels-again-title = Connect { $network } again
channels-connect-button = Connect
channels-visit-button = Go on to the server
channels-connected = Connected { $name }. Its last posts are being brought in.
channels-connected-again = { $name } is connected again. { $count ->
    [0] Nothing was waiting for it.
    [one] The post that waited for it goes on.
   *[other] The { $count } posts that waited for it go on.
}
channels-again-text = Sign in as { $name }, the same account as before. The channel stays what it is, with its posts and its figures, and what waited for it goes on.
reconnect-another = That is another account: { $other }. Nothing was changed, and { $name } still waits. Sign in there as { $name }; or connect { $other } as a channel of its own.
channels-state-active = Works
channels-state-trouble = The last contact failed; Belfry tries again by itself
channels-state-paused = Paused
channels-state-reconnect = Must be connected again
channels-contact = last contact
channels-importing = Its last posts are being brought in. Calendar and figures fill up by themselves.
channels-paused-text = Nothing goes out here. What comes due is held until you let the channel go on.
channels-paused = Paused { $name }. What comes due is held.
channels-resume = Let it go on
channels-resumed = { $name } goes on, and so does what was held.
channels-reconnect-text = { $network } no longer lets Belfry in. Posts for this channel are kept: connect it again, and they go on.
channels-reconnect-said = It said: { $reason } ({ $since }).
channels-reconnect = Connect again
channels-open = See it there
channels-test = Test it now
channels-test-well = { $name } works. Name, picture and limits were read afresh.
channels-test-lacks = { $name } opens, but its access lacks: { $list }. Connect it again and allow that; an access token made by hand needs it ticked.
channels-test-ill = That did not work
channels-pause = Pause
channels-health = How it is
channels-well = Last contact that went well
channels-never-well = No contact yet
channels-ill = Last trouble
channels-ends = Access
channels-ends-at = Good until { $when }. Belfry renews it before then, where the network lets it.
channels-ended-at = It ended { $when }. Connect the channel again.
channels-connected-by = Connected by { $name }
channels-hook = Comments at once
channels-hook-text = Belfry looks for comments every few minutes. The network can also tell it at once, when this server can be reached from there.
channels-hook-told = The network tells Belfry at once. What gets lost on the way is still found by looking.
channels-hook-register = Let it tell Belfry at once
channels-hook-again = Ask it once more
channels-hook-done = From here on the network tells Belfry at once.
channels-hook-address = The address it calls
channels-can = What it can do
channels-cannot = Not here: { $list }
channels-remove = Remove
channels-remove-title = Remove this channel
channels-remove-hint = Nothing more goes out on it, and its access is forgotten.
channels-remove-question = Remove { $name }?
channels-remove-planned = { $count ->
    [0] Nothing is planned here.
    [one] One post is planned or waits here. It will not go out: at its time it is held, and stands on Today.
   *[other] { $count } posts are planned or wait here. They will not go out: at its time each is held, and stands on Today.
}
channels-remove-text = Belfry forgets how to open { $name }. What is out stays on { $network }, and its figures stay here. This cannot be undone, but you can connect the account again.
channels-remove-now = Remove { $name }
channels-removed = Removed { $name }.
channels-keep = Keep it
unit-graphemes = { $count ->
    [one] { $count } character
   *[other] { $count } characters
}
unit-code-points = { $count ->
    [one] { $count } code point
   *[other] { $count } code points
}
unit-utf16 = { $count ->
    [one] { $count } UTF-16 unit
   *[other] { $count } UTF-16 units
}
unit-bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}
can-text = Texts of up to { $limit } characters
can-text-free = Texts of any length
can-images = { $max ->
    [one] One picture
   *[other] Up to { $max } pictures
}
can-images-described = { $max ->
    [one] One picture, with a description
   *[other] Up to { $max } pictures, with descriptions
}
can-images-only = Every post needs a picture
can-threads = Threads of several posts
can-polls = Polls
can-first-comment = A first comment right below the post
can-warnings = Content warnings
can-quotes = Quoting others
can-edit = Changing what is out
can-delete = Taking down what is out
can-inbox = Comments and mentions arrive in the inbox
can-reply = Answering from the inbox
can-followers = Number of followers
can-counts = Figures: { $list }
cannot-images = pictures
cannot-threads = threads
cannot-polls = polls
cannot-first-comment = first comments
cannot-warnings = content warnings
cannot-quotes = quotes
cannot-edit = changing what is out
cannot-delete = taking down what is out
cannot-inbox = comments in the inbox
cannot-reply = answering from the inbox
cannot-followers = number of followers
cannot-counts = figures
counted-reactions = reactions
counted-comments = comments
counted-shares = shares
counted-quotes = quotes
counted-saves = saves
counted-clicks = clicks
counted-views = views
counted-impressions = displays
counted-reach = people reached

# Connecting: connect-{network}, -{way}, -step-{number}, -{field}, -hint

connect-did-not-work = That did not work
connect-more = More
connect-begin-again = Begin again
connect-visit-title = One step at the network
connect-visit-open = Go on to { $host }
connect-visit-code-step-1 = Open the network’s page. It opens in a new tab.
connect-visit-code-step-2 = Say yes there. It then shows a code.
connect-visit-code-step-3 = Copy the code and paste it below.
connect-visit-back-step-1 = Your browser is on its way to the network’s page.
connect-visit-back-step-2 = Say yes there. It sends you back here by itself.
connect-visit-lost = It did not send me back
connect-visit-field = Code
connect-visit-hint = Or the whole address the network sent your browser to, if that page could not be shown.
connect-visit-no = You said no on the network’s page, or it did. Nothing was connected; you can begin again.
connect-secret-title = Connected { $name }
connect-secret-text = Belfry made a secret that signs everything it sends. Copy it now and give it to the program that receives: it is not shown again.
connect-secret-label = Secret
connect-secret-done = I have copied it

connect-practice = A network inside Belfry to learn on. Posts, comments and figures work as they do elsewhere, and nobody outside sees them.
connect-practice-name = By a name
connect-practice-name-step-1 = Choose a name for your account on the practice network.
connect-practice-name-step-2 = Connect. Then write a post, and comment on it as a visitor to see the inbox at work.
connect-practice-name-name = Name of the account
connect-practice-name-name-hint = A name that is there already is signed in to: nothing here is secret.
connect-practice-name-server = Another practice server
connect-practice-name-server-hint = Leave it empty for the one built into this Belfry.

connect-by_hand = For every network whose doors are closed to programs: at the right time your phone gets text and pictures, and you press the button there yourself.
connect-by_hand-choose = By hand
connect-by_hand-choose-step-1 = Choose the app you post with.
connect-by_hand-choose-step-2 = Plan posts as for any other channel. At the time, Belfry calls you: copy, open the app, “Done”.
connect-by_hand-choose-app = App
connect-by_hand-choose-app-hint = Belfry then knows how long texts may be and which pictures fit.
connect-by_hand-choose-handle = Your name there
connect-by_hand-choose-handle-hint = To tell two accounts apart.

connect-webhook = For your own website or program: Belfry sends it every post, signed.
connect-webhook-address = By an address
connect-webhook-address-step-1 = Have an address ready that takes signed deliveries (the Standard Webhooks way).
connect-webhook-address-step-2 = Enter it here. Belfry sends one test delivery, which must be answered with 200.
connect-webhook-address-url = Address
connect-webhook-address-url-hint = Where each post is sent.
connect-webhook-address-secret = Secret
connect-webhook-address-secret-hint = It signs what is sent. Left empty, Belfry makes one and shows it once.

connect-mastodon = Open and without ads, for conversations and links. Works with Mastodon, GoToSocial, Pleroma, Akkoma, Pixelfed and Friendica.
connect-mastodon-oauth = Sign in at your server
connect-mastodon-oauth-step-1 = Enter the name of your server.
connect-mastodon-oauth-step-2 = Your server asks whether Belfry may post and read for you. Say yes.
connect-mastodon-oauth-step-3 = It sends you back here, and the channel is connected.
connect-mastodon-oauth-server = Your server
connect-mastodon-oauth-server-hint = The part after the last @ of your name there. Your whole name works too.
connect-mastodon-token = With an access token made by hand
connect-mastodon-token-step-1 = At your server, open Preferences, then Development, then New application.
connect-mastodon-token-step-2 = Name it Belfry. Keep the rights “read” and “write”, and save.
connect-mastodon-token-step-3 = Open the new application and copy “Your access token”.
connect-mastodon-token-server = Your server
connect-mastodon-token-server-hint = The part after the last @ of your name there.
connect-mastodon-token-token = Access token
connect-mastodon-token-token-hint = It is sealed before it is stored, and never shown again.

connect-bluesky = Lively and open, for short news and conversations.
connect-bluesky-password = With an app password
connect-bluesky-password-step-1 = In Bluesky, open Settings, then Privacy and security, then App passwords.
connect-bluesky-password-step-2 = Add one and name it Belfry. Your own password is not needed here.
connect-bluesky-password-step-3 = Copy it and enter it below with your handle.
connect-bluesky-password-handle = Your handle
connect-bluesky-password-handle-hint = Such as ada.bsky.social, or your own domain.
connect-bluesky-password-password = App password
connect-bluesky-password-password-hint = Four groups of four letters. It is sealed before it is stored.
connect-bluesky-password-server = Your server
connect-bluesky-password-server-hint = Leave it empty if your account is at bsky.social.

hook-not-believed = This delivery is not believed, and nothing was taken in ({ $reason }).

# Inbox

inbox-views = Which conversations are shown
inbox-open = Open
inbox-mine = Mine
inbox-done = Done
inbox-all-channels = All channels
keys-show = Keys
keys-title = Keys in the inbox
keys-next = Next conversation
keys-previous = Conversation before
keys-open = Open it
keys-reply = Answer
keys-send = Send the answer
keys-leave = Leave the field
keys-done = Done
keys-help = Show these keys
inbox-none = All answered
inbox-none-text = Comments, replies and mentions from all your channels arrive here by themselves.
inbox-none-mine = Nothing is yours at the moment
inbox-none-mine-text = Take a conversation, and the others see that you are answering.
inbox-none-done = Nothing is done with yet
inbox-none-done-text = What you put away stands here, until someone writes again.
inbox-no-channel = No channel yet
inbox-no-channel-text = Once a channel is connected, what people write there arrives here.
inbox-see-open = See what is open
inbox-about = ↳ { $post }
inbox-direct = ↳ Direct message
inbox-mention = ↳ Named you
inbox-quote = ↳ Quoted you
inbox-taken = { $name } has this
inbox-answering = { $more ->
    [0] { $name } is answering…
    [one] { $name } and one more are answering…
   *[other] { $name } and { $more } more are answering…
}
inbox-yours = Yours
inbox-choose = Choose a conversation to read it here.
inbox-answers = Answers your post
inbox-on = On { $network }, to { $channel }
inbox-channel-gone = On a channel that is no longer connected
inbox-us = You
inbox-pictures = { $count ->
    [one] One picture, to be seen there
   *[other] { $count } pictures, to be seen there
}
inbox-out = Answered
inbox-withdrawn = Not sent
inbox-again = Try again
inbox-leave = Leave it
inbox-unsure = Belfry sent this and got no clear answer. Please look there: is it out?
inbox-waits = This channel is paused or must be connected again. Your answer is kept and goes out after that.
inbox-reply-to = Answer { $name }
inbox-reply = Answer
inbox-answered = Your answer is on its way.
inbox-put-away = Done
inbox-open-again = Open again
inbox-take = I take this
inbox-who = Who takes care of it
inbox-nobody = Nobody in particular
inbox-give = Hand over
inbox-is-done = Put away. It comes back when someone writes again.
inbox-is-open = It is open again.
inbox-is-yours = This one is yours; the others see it.
inbox-is-given = { $name } takes care of it.
inbox-is-free = Nobody in particular takes care of it.

# The practice network, for people

practice-title = Practice network
practice-about = A network to learn on, inside this Belfry. Write a comment as a visitor, and it arrives in the inbox.
practice-none = Nothing here yet
practice-none-text = What you publish on a practice channel appears here.
practice-none-of-account = This account has not written anything yet, or does not list what it wrote.
practice-post-by = { $name } on Practice
practice-parent = The post this answers
practice-like = Like it as a visitor
practice-liked = A visitor likes it.
practice-comments = { $count ->
    [0] No comments yet
    [one] { $count } comment
   *[other] { $count } comments
}
practice-comment-title = Comment as a visitor
practice-comment-hint = The account gets it as it would from anyone. A minute later at most it is in the inbox.
practice-comment = Comment
practice-comment-button = Comment
practice-from = Written by
practice-visitor = A visitor
practice-commented = Commented. Look into the inbox.
practice-empty = Write a comment, and the name of who writes it. Nothing was sent.
practice-refused = The practice network did not take it ({ $reason }). What you typed is still here.

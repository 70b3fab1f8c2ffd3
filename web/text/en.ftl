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
counter-over = { $count ->
    [one] { $count } character too many
   *[other] { $count } characters too many
}
state-draft = Draft
state-planned = Planned
state-waiting = Waits for a yes
state-sending = Sending
state-published = Published
state-partly-out = Partly out
state-failed = Did not go out
state-held = On hold
state-unsure = Not sure yet
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
page-earlier = Earlier
page-later = Later
page-parts = Pages of this list
saved-never = Not saved yet
saved-saving = Saving…
saved-done = Saved
saved-kept-here = Kept on this device. Belfry cannot be reached; it is saved as soon as it can.
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

//! The top-level domains after which a name without a scheme is taken for a link: those of countries, and the general
//! ones that people use (IANA's list, as the official client has it in the package `tlds`, read 2026-11). A name with
//! another one is a link when it is typed with `https://`.

/// Whether this is one of them; in small letters.
pub(super) fn is_top_level(name: &str) -> bool {
    match name.len() {
        2 => COUNTRIES.split(' ').any(|country| country == name),
        _ => GENERAL.split_whitespace().any(|general| general == name),
    }
}

const COUNTRIES: &str = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs \
bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj \
fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it \
je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq \
mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro \
rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv \
tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

const GENERAL: &str = "academy aero agency app art arpa asia audio bar bayern berlin bike bio biz blog blue \
brussels build business cafe camp care casa cat center charity chat church city cloud club coach codes coffee com \
community company consulting cool coop corsica dance dental design dev digital directory earth edu education email \
energy engineering eus events family farm fashion film finance fit flights foundation frl fun fund fyi gal gallery \
game games garden gay gle global gmbh gov green group guide guru hamburg health help house info ink institute int \
international irish istanbul jobs kitchen koeln land law legal lgbt life limited link live lol london love ltd market \
marketing media melbourne memorial menu miami mil mobi moda moe museum music name network news ngo ninja nrw nyc one \
ong online org page paris partners party pet photo photography photos pics pictures pizza place plus post press pro \
productions pub quebec radio recipes red rent report rest restaurant review reviews rip rocks run ruhr sale school \
science scot services sexy shoes shop show site ski social software solar solutions space spot store studio style \
support surf swiss sydney systems tax team tech technology tel theater tips tirol today tokyo tools tours town toys \
training travel university uno vegas video vin vision vote wales watch website wiki wien wine work works world wtf xxx \
xyz yoga zone";

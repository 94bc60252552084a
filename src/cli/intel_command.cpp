#include "cli/intel_command.h"

#include <ostream>

#include "base/file.h"
#include "cli/knowledge_loader.h"
#include "intel/installed.h"
#include "intel/workshop.h"

namespace davy::cli {
namespace {

constexpr std::int64_t kSerialMax = INT64_MAX;

// One verb at work: what was given, and where to print.
struct Work {
  const ParsedArguments& given;
  const CommonChoices& choices;
  const Surroundings& around;
  std::string command;  // "intel verify"
  Timestamp now = SystemClock().now();

  std::string say(TextId id) const { return text(id, choices.language); }
  void report(TextId id, TextArguments arguments) const { say_done(command, id, arguments, choices, around.out); }
  // Wrong words end with 2, everything that was understood and refused with 1.
  int refuse(const Error& error) const {
    const int status = complain(error, around, choices.language);
    return error.code == ErrorCode::invalid_argument ? status : kExitRefused;
  }
  std::string folder() const { return given.value("into").value_or(intel::kInstalledFolder); }
};

Result<std::string> required(const Work& work, const std::string& option) {
  if (const auto value = work.given.value(option)) return *value;
  return fail(ErrorCode::invalid_argument, "this option is needed", "--" + option);
}

Status build(const Work& work) {
  intel::PackOrder order{.key_file = TRY(required(work, "key")),
                         .data = TRY(required(work, "data")),
                         .extra = work.given.has("extra"),
                         .version = TRY(required(work, "version")),
                         .serial = std::nullopt,
                         .now = work.now};
  if (const auto serial = TRY(work.given.integer("serial", 0, kSerialMax)))
    order.serial = static_cast<std::uint64_t>(*serial);
  const std::string out = TRY(required(work, "out"));
  const Bytes pack = TRY(intel::make_pack(order));
  TRY(write_file_durably(out, pack, 0644));
  work.report(TextId::intel_built, {{"path", out}, {"version", order.version}, {"bytes", std::to_string(pack.size())}});
  return {};
}

Status make_key(const Work& work) {
  const auto days = TRY(work.given.integer("days", 1, intel::kKeyDaysMax));
  const intel::KeyOrder order{.out = TRY(required(work, "out")),
                              .root_file = work.given.value("root"),
                              .days = static_cast<int>(days.value_or(intel::kKeyDaysDefault)),
                              .now = work.now};
  const PublicKey key = TRY(intel::make_signing_key(order));
  work.report(TextId::intel_key_made, {{"path", order.out}, {"public", key.hex()}});
  return {};
}

Json to_json(const intel::Inspection& seen) {
  Json counts = Json::object();
  counts.set("pools", std::uint64_t{seen.counts.pools}).set("coin_sites", std::uint64_t{seen.counts.coin_sites});
  counts.set("dormant", std::uint64_t{seen.counts.dormant}).set("ports", std::uint64_t{seen.counts.ports});
  counts.set("program_names", std::uint64_t{seen.counts.program_names});
  counts.set("evidence_kinds", std::uint64_t{seen.counts.evidence_kinds});
  Json out = Json::object();
  out.set("type", "intel").set("version", seen.header.version).set("created", to_rfc3339(seen.header.created));
  out.set("serial", seen.header.serial).set("trust", seen.trust);
  if (!seen.header.author.empty()) out.set("author", seen.header.author);
  out.set("digest", seen.digest).set("counts", std::move(counts));
  return out;
}

void print_inspection(const intel::Inspection& seen, const Work& work) {
  if (work.choices.format != Format::text) {
    work.around.out << to_json(seen).dump() << '\n';
    return;
  }
  constexpr std::size_t kLabelCells = 24;
  const auto line = [&](TextId label, const std::string& value) {
    if (!value.empty()) work.around.out << pad_to(work.say(label), kLabelCells) << ' ' << printable(value) << '\n';
  };
  line(TextId::intel_show_version, seen.header.version);
  line(TextId::intel_show_created, to_rfc3339(seen.header.created));
  line(TextId::intel_show_serial, std::to_string(seen.header.serial));
  line(TextId::intel_show_trust, seen.trust);
  line(TextId::intel_show_author, seen.header.author);
  line(TextId::intel_show_digest, seen.digest);
  line(TextId::intel_show_pools, std::to_string(seen.counts.pools));
  line(TextId::intel_show_coin_sites, std::to_string(seen.counts.coin_sites));
  line(TextId::intel_show_dormant, std::to_string(seen.counts.dormant));
  line(TextId::intel_show_ports, std::to_string(seen.counts.ports));
  line(TextId::intel_show_program_names, std::to_string(seen.counts.program_names));
  line(TextId::intel_show_evidence_kinds, std::to_string(seen.counts.evidence_kinds));
  if (seen.trust == "development") work.around.out << work.say(TextId::report_development_key) << '\n';
}

// The pack in use, with the extra packs of the settings on top of it.
Result<intel::Inspection> inspect_current(const Work& work) {
  const LoadedKnowledge loaded = TRY(load_knowledge(work.choices));
  const intel::Knowledge& known = loaded.knowledge;
  intel::Inspection out;
  out.header = {.version = known.version(), .created = known.created(), .serial = known.serial()};
  out.trust = known.trust();
  out.digest = known.digest();
  out.counts = known.counts();
  for (const intel::ExtraPack& extra : known.extras())
    out.header.author += (out.header.author.empty() ? "+ " : "; + ") + extra.author;
  return out;
}

Result<intel::Inspection> inspect_file(const std::string& path, const Work& work) {
  const Bytes bytes = TRY(read_file(path, intel::kPackBytesMax));
  return about(path, intel::inspect(bytes, TRY(intel::TrustStore::built_in()), work.now));
}

Status show(const Work& work) {
  const auto& paths = work.given.positionals();
  print_inspection(paths.empty() ? TRY(inspect_current(work)) : TRY(inspect_file(paths.front(), work)), work);
  return {};
}

Result<intel::Soundness> verify_file(const Work& work) {
  const std::string& path = work.given.positionals().front();
  const Bytes bytes = TRY(read_file(path, intel::kPackBytesMax));
  const auto trust = TRY(intel::TrustStore::built_in());
  const auto sound = TRY(about(path, intel::verify_pack(bytes, trust, work.now)));
  if (sound == intel::Soundness::signer_unknown) {
    work.report(TextId::intel_signer_unknown, {{"path", path}});
    return sound;
  }
  const auto seen = TRY(about(path, intel::inspect(bytes, trust, work.now)));
  work.report(TextId::intel_intact, {{"path", path}, {"version", seen.header.version}, {"trust", seen.trust}});
  return sound;
}

Status update(const Work& work) {
  const std::string& path = work.given.positionals().front();
  const Bytes bytes = TRY(read_file(path, intel::kPackBytesMax));
  const auto trust = TRY(intel::TrustStore::built_in());
  const auto header = TRY(about(path, intel::install(work.folder(), bytes, trust, work.now)));
  work.report(TextId::intel_installed, {{"version", header.version}, {"serial", std::to_string(header.serial)}});
  return {};
}

Status roll_back(const Work& work) {
  const auto trust = TRY(intel::TrustStore::built_in());
  const auto header = TRY(intel::rollback(work.folder(), trust, work.now));
  work.report(TextId::intel_rolled_back, {{"version", header.version}, {"serial", std::to_string(header.serial)}});
  return {};
}

template <Status (*Act)(const Work&)>
int ended(const Work& work) {
  const auto done = Act(work);
  return done ? kExitDone : work.refuse(done.error());
}

int verify(const Work& work) {
  const auto sound = verify_file(work);
  if (!sound) return work.refuse(sound.error());
  return *sound == intel::Soundness::intact ? kExitDone : kExitPartly;
}

OptionSpec option(const char* name, const char* value_name, TextId help) {
  return {.name = name, .value_name = value_name, .help = help};
}

CommandSpec with(CommandSpec spec, const std::vector<OptionSpec>& own) {
  spec.options = own;
  for (OptionSpec& common : common_options()) spec.options.push_back(std::move(common));
  return spec;
}

CommandSpec build_spec() {
  CommandSpec spec{.name = "davy intel build", .summary = TextId::intel_build_summary};
  spec.examples = {{"davy intel build --key build/keys/development.pem --data data --out davy.pack --version 2026.11.1",
                    TextId::intel_example_build},
                   {"davy intel build --extra --key k.pem --data names.yaml --out names.pack --version 1",
                    TextId::intel_example_build_extra}};
  return with(spec,
              {option("key", "FILE", TextId::intel_option_key), option("data", "DIR", TextId::intel_option_data),
               option("out", "FILE", TextId::intel_option_out), option("version", "V", TextId::intel_option_version),
               option("serial", "N", TextId::intel_option_serial), option("extra", "", TextId::intel_option_extra)});
}

CommandSpec show_spec() {
  CommandSpec spec{.name = "davy intel show", .summary = TextId::intel_show_summary};
  spec.positionals = {{.name = "PACK", .help = TextId::intel_pack_or_current}};
  spec.examples = {{"davy intel show", TextId::intel_example_show},
                   {"davy intel show --format json new.pack", TextId::intel_example_show_file}};
  return with(spec, {});
}

CommandSpec verify_spec() {
  CommandSpec spec{.name = "davy intel verify", .summary = TextId::intel_verify_summary};
  spec.positionals = {{.name = "PACK", .help = TextId::intel_pack, .required = true}};
  spec.examples = {{"davy intel verify new.pack", TextId::intel_example_verify},
                   {"davy intel verify -q new.pack", TextId::intel_example_verify_quiet}};
  return with(spec, {});
}

CommandSpec update_spec() {
  CommandSpec spec{.name = "davy intel update", .summary = TextId::intel_update_summary};
  spec.positionals = {{.name = "PACK", .help = TextId::intel_pack, .required = true}};
  spec.examples = {{"davy intel update new.pack", TextId::intel_example_update},
                   {"davy intel update --into /srv/davy/intel new.pack", TextId::intel_example_update_into}};
  return with(spec, {option("into", "DIR", TextId::intel_option_into)});
}

CommandSpec rollback_spec() {
  CommandSpec spec{.name = "davy intel rollback", .summary = TextId::intel_rollback_summary};
  spec.examples = {{"davy intel rollback", TextId::intel_example_rollback},
                   {"davy intel rollback --into /srv/davy/intel", TextId::intel_example_rollback_into}};
  return with(spec, {option("into", "DIR", TextId::intel_option_into)});
}

CommandSpec key_spec() {
  CommandSpec spec{.name = "davy intel key", .summary = TextId::intel_key_summary};
  spec.examples = {{"davy intel key --out trial.pem", TextId::intel_example_key},
                   {"davy intel key --out signing.pem --root root.pem --days 90", TextId::intel_example_key_root}};
  return with(spec, {option("out", "FILE", TextId::intel_option_out), option("root", "FILE", TextId::intel_option_root),
                     option("days", "N", TextId::intel_option_days)});
}

struct Verb {
  const char* name;
  CommandSpec (*spec)();
  int (*act)(const Work&);
};

constexpr Verb kVerbs[] = {
    {"build", build_spec, ended<build>},
    {"show", show_spec, ended<show>},
    {"verify", verify_spec, verify},
    {"update", update_spec, ended<update>},
    {"rollback", rollback_spec, ended<roll_back>},
    {"key", key_spec, ended<make_key>},
};

CommandSpec overview() {
  return {.name = "davy intel",
          .summary = TextId::intel_summary,
          .options = common_options(),
          .positionals = {{.name = "VERB", .help = TextId::intel_verb, .required = true, .repeated = true}},
          .examples = {{"davy intel show", TextId::intel_example_show},
                       {"davy intel verify new.pack", TextId::intel_example_verify}}};
}

tl::unexpected<Error> no_such_verb(const std::string& word) {
  std::vector<std::string> known;
  for (const Verb& verb : kVerbs) known.emplace_back(verb.name);
  const auto near = nearest_word(word, known);
  return fail(ErrorCode::invalid_argument, "davy intel has no such verb" + (near ? ", did you mean " + *near : ""),
              word);
}

int run_verb(const Verb& verb, std::span<const std::string> words, const Surroundings& around) {
  const CommandSpec spec = verb.spec();
  const auto given = parse_arguments(spec, words);
  if (!given) return complain(given.error(), around, around.language);
  if (given->has("help")) return print_help(spec, around, around.language);
  const auto choices = read_common(*given, around);
  if (!choices) return complain(choices.error(), around, around.language);
  return verb.act({*given, *choices, around, "intel " + std::string(verb.name)});
}

}  // namespace

int run_intel(std::span<const std::string> words, const Surroundings& around) {
  for (const Verb& verb : kVerbs)
    if (!words.empty() && words.front() == verb.name) return run_verb(verb, words.subspan(1), around);
  const auto given = parse_arguments(overview(), words);
  if (!given) return complain(given.error(), around, around.language);
  if (given->has("help")) return print_help(overview(), around, around.language);
  return complain(no_such_verb(given->positionals().front()).value(), around, around.language);
}

}  // namespace davy::cli

#include "cli/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include "cli/version.h"

namespace davy::cli {
namespace {

Json verdict_counts(const std::vector<model::Finding>& findings) {
  Json out = Json::object();
  for (const auto verdict : {model::Verdict::suspicious, model::Verdict::likely, model::Verdict::confirmed})
    out.set(name_of(verdict),
            static_cast<std::int64_t>(std::ranges::count(findings, verdict, &model::Finding::verdict)));
  return out;
}

Json to_json(const Examined& e) {
  Json out = Json::object();
  out.set("packets", e.packets).set("bytes", e.bytes).set("flows", e.flows).set("files", e.files);
  out.set("processes", e.processes).set("threads", e.threads);
  return out;
}

Json to_json(const Dropped& d) {
  Json out = Json::object();
  out.set("packets", d.packets).set("events", d.events).set("truncated", d.truncated);
  out.set("unreadable", d.unreadable).set("limit", d.limit);
  return out;
}

Json to_json(const std::vector<model::SenseSeen>& senses) {
  Json out = Json::array();
  for (const auto& sense : senses) {
    Json item = Json::object();
    item.set("id", sense.id).set("state", sense.on ? "on" : "off");
    if (!sense.why.empty()) item.set("why", sense.why);
    out.push(std::move(item));
  }
  return out;
}

std::string one_decimal(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.1f", value);
  return out;
}

std::string rounded(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.0f", value);
  return out;
}

// Two figures that count, without an exponent.
std::string shortest(double value) {
  char out[32];
  const int decimals =
      value >= 10.0 || value <= 0.0 ? 0 : std::min(6, 1 - static_cast<int>(std::floor(std::log10(value))));
  std::snprintf(out, sizeof out, "%.*f", decimals, value);
  return out;
}

std::string range_words(const model::Range& range) { return shortest(range.low) + "-" + shortest(range.high); }

model::Range priced(const model::Range& kilowatt_hours, double price) {
  return {kilowatt_hours.low * price, kilowatt_hours.high * price};
}

model::Range kilowatt_hours_of(const std::vector<model::Finding>& findings) {
  model::Range out;
  for (const model::Finding& finding : findings)
    if (const auto* flow = std::get_if<model::FlowSubject>(&finding.subject))
      out.low += flow->kilowatt_hours.low, out.high += flow->kilowatt_hours.high;
  return out;
}

Json energy_of(const std::vector<model::Finding>& findings, const Settings& settings) {
  const model::Range spent = kilowatt_hours_of(findings);
  const double price = settings.number("energy.price_per_kwh");
  Json out = Json::object();
  out.set("kilowatt_hours", model::to_json(spent)).set("cost", model::to_json(priced(spent, price)));
  out.set("price_per_kwh", price).set("currency", settings.text("energy.currency"));
  return out;
}

std::string signed_decibans(double value) { return (value > 0 ? "+" : "") + one_decimal(value); }

// Writes the text form; knows the language and nothing else.
class TextReport {
 public:
  TextReport(std::ostream& out, const CommonChoices& choices) : out_(out), choices_(choices) {}

  void write(const Examination& examination) {
    headline(examination);
    for (const auto& finding : examination.findings) write_finding(finding, examination);
    write_end(examination);
  }

  void write_rest(const Examination& examination) {
    out_ << '\n';
    headline(examination);
    write_end(examination);
  }

  void write_finding(const model::Finding& finding, const Examination& examination) {
    out_ << "\n[" << verdict_word(finding.verdict) << "] " << title(finding) << "  (" << finding.id << ")\n";
    out_ << "  " << say(finding.explanation) << '\n';
    if (const auto* process = std::get_if<model::ProcessSubject>(&finding.subject)) who(*process, examination);
    if (const auto* flow = std::get_if<model::FlowSubject>(&finding.subject)) who(*flow);
    if (const auto* device = std::get_if<model::DeviceSubject>(&finding.subject)) who(*device);
    if (finding.campaign) campaign(*finding.campaign, examination);
    for (const auto& piece : finding.evidence) why(TextId::report_for, piece);
    for (const auto& piece : finding.against) why(TextId::report_against, piece);
    if (finding.against.empty()) line(TextId::report_against, say(TextId::report_nothing_against));
    line(TextId::report_balance, say(TextId::report_balance_words, {{"decibans", signed_decibans(finding.decibans)}}));
    what_to_do(finding);
  }

 private:
  void write_end(const Examination& examination) {
    senses(examination);
    closing(examination);
  }

  std::string say(TextId id, TextArguments arguments = {}) const { return text(id, choices_.language, arguments); }
  std::string say(const model::Sentence& sentence) const {
    return printable(choices_.language == Language::zh ? sentence.zh : sentence.en);
  }
  std::string verdict_word(model::Verdict verdict) const {
    return say(*find_text("base.verdict." + std::string(name_of(verdict))));
  }
  void line(TextId label, const std::string& words) { out_ << "  " << pad_to(say(label), 12) << words << '\n'; }

  void headline(const Examination& examination) {
    auto worst = model::Verdict::clear;
    for (const auto& finding : examination.findings) worst = std::max(worst, finding.verdict);
    const auto id = find_text("report.headline." + std::string(name_of(worst)));
    const bool partly_clear = worst == model::Verdict::clear && examination.incomplete();
    out_ << say(partly_clear ? TextId::report_headline_partly_clear : *id,
                {{"count", std::to_string(examination.findings.size())}})
         << "\n";
    if (examination.incomplete()) out_ << say(TextId::report_incomplete) << '\n';
  }

  std::string title(const model::Finding& finding) const {
    if (const auto* p = std::get_if<model::ProcessSubject>(&finding.subject))
      return say(TextId::report_process, {{"pid", std::to_string(p->pid)},
                                          {"name", printable(p->lineage.empty() ? p->exe : p->lineage.back())}});
    if (const auto* f = std::get_if<model::FileSubject>(&finding.subject)) return printable(f->path);
    if (const auto* f = std::get_if<model::FlowSubject>(&finding.subject))
      return printable(f->source + ":" + std::to_string(f->source_port) + " -> " + f->destination + ":" +
                       std::to_string(f->destination_port));
    if (const auto* d = std::get_if<model::DeviceSubject>(&finding.subject)) return printable(d->address);
    return say(TextId::report_this_host);
  }

  void who(const model::ProcessSubject& process, const Examination& examination) {
    std::string lineage;
    for (const std::string& name : process.lineage) lineage += (lineage.empty() ? "" : " > ") + printable(name);
    line(TextId::report_who,
         say(TextId::report_who_words, {{"user", printable(process.user)}, {"exe", printable(process.exe)}}));
    if (process.ended) line(TextId::report_ended, say(TextId::report_ended_words));
    if (!process.cmdline.empty()) line(TextId::report_command_line, printable(process.cmdline.substr(0, 160)));
    if (!lineage.empty()) line(TextId::report_lineage, lineage);
    if (process.container) line(TextId::report_container, printable(*process.container));
    if (!process.sha256.empty()) line(TextId::report_image_hash, printable(process.sha256));
    const double hours = static_cast<double>(examination.ended_at_ns - process.start_time.nanoseconds) / 3.6e12;
    line(TextId::report_since, say(TextId::report_since_words, {{"time", to_rfc3339(process.start_time)},
                                                                {"hours", one_decimal(std::max(0.0, hours))}}));
    line(TextId::report_costs,
         say(TextId::report_costs_words, {{"cores", one_decimal(process.cores)},
                                          {"watts", one_decimal(process.cores * examination.watts_per_core)}}));
  }

  void who(const model::FlowSubject& flow) {
    const auto or_unknown = [](const std::string& words) { return words.empty() ? "?" : printable(words); };
    line(TextId::report_client, printable(flow.source));
    line(TextId::report_server, remote_of(flow));
    if (!flow.dialect.empty())
      line(TextId::report_conversation, say(TextId::report_conversation_words, {{"dialect", printable(flow.dialect)},
                                                                                {"coin", or_unknown(flow.coin)},
                                                                                {"worker", or_unknown(flow.worker)},
                                                                                {"agent", or_unknown(flow.agent)}}));
    if (!flow.wallet.empty()) line(TextId::report_wallet, printable(flow.wallet));
    if (flow.first_ns != 0)
      line(TextId::report_since, say(TextId::report_flow_since_words, {{"first", to_rfc3339({flow.first_ns})},
                                                                       {"last", to_rfc3339({flow.last_ns})},
                                                                       {"packets", std::to_string(flow.packets)},
                                                                       {"bytes", std::to_string(flow.bytes)}}));
    if (flow.hashes_per_second > 0.0)
      line(TextId::report_rate, say(TextId::report_rate_words, {{"rate", rounded(flow.hashes_per_second)},
                                                                {"error", rounded(flow.hash_rate_error * 100.0)}}));
    if (flow.watts.high > 0.0) energy(flow);
  }

  void who(const model::DeviceSubject& device) {
    if (!device.mac.empty()) line(TextId::report_mac, printable(device.mac));
    if (device.vlan != 0) line(TextId::report_vlan, std::to_string(device.vlan));
    if (!device.name.empty()) line(TextId::report_device_name, printable(device.name));
    if (!device.owner.empty()) line(TextId::report_owner, printable(device.owner));
  }

  void campaign(const std::string& id, const Examination& examination) {
    const auto same = std::ranges::count_if(examination.findings, [&](const auto& one) { return one.campaign == id; });
    line(TextId::report_campaign, say(TextId::report_campaign_words, {{"id", id}, {"count", std::to_string(same)}}));
  }

  void energy(const model::FlowSubject& flow) {
    const double price = choices_.settings.number("energy.price_per_kwh");
    line(TextId::report_energy,
         say(TextId::report_energy_words, {{"watts", range_words(flow.watts)},
                                           {"kwh", range_words(flow.kilowatt_hours)},
                                           {"cost", range_words(priced(flow.kilowatt_hours, price))},
                                           {"currency", printable(choices_.settings.text("energy.currency"))},
                                           {"price", shortest(price)}}));
  }

  static std::string remote_of(const model::FlowSubject& flow) {
    std::string out = printable(flow.destination) + ":" + std::to_string(flow.destination_port);
    if (!flow.server_name.empty()) out += " (" + printable(flow.server_name) + ")";
    return out;
  }

  void why(TextId label, const model::WeighedEvidence& piece) {
    const std::string weight =
        piece.counted ? signed_decibans(piece.decibans) + " dB" : "(" + signed_decibans(piece.decibans) + " dB)";
    line(label, say(piece.summary) + "  [" + piece.group + " " + weight + ", " +
                    say(*find_text("report.basis." + piece.basis)) + "]");
    if (!piece.excerpt.empty()) out_ << std::string(16, ' ') << "| " << printable(piece.excerpt) << '\n';
    if (choices_.verbose) {
      out_ << std::string(16, ' ') << piece.kind;
      for (const std::string& id : piece.attack) out_ << ' ' << id;
      out_ << '\n' << std::string(16, ' ') << say(TextId::report_refuted, {{"how", say(piece.refuted_by)}}) << '\n';
    }
  }

  void what_to_do(const model::Finding& finding) {
    for (const auto& action : finding.actions) {
      const auto id = find_text("report.action." + action.id);
      line(TextId::report_do, (id ? say(*id) : action.id) + "  " + action.command);
    }
    const auto* flow = std::get_if<model::FlowSubject>(&finding.subject);
    if (finding.hypothesis == model::Hypothesis::forbidden)
      return line(TextId::report_do, say(TextId::report_do_forbidden));
    if (flow != nullptr && flow->first_ns != 0)
      line(TextId::report_do, say(TextId::report_do_flow, {{"remote", remote_of(*flow)}}));
    if (finding.actions.empty() && finding.hypothesis == model::Hypothesis::tampered)
      line(TextId::report_do, say(TextId::report_do_tampered));
  }

  void senses(const Examination& examination) {
    const auto off = std::ranges::count(examination.senses, false, &model::SenseSeen::on);
    if (off == 0 || choices_.quiet) return;
    out_ << '\n' << say(TextId::report_senses_off) << '\n';
    for (const auto& sense : examination.senses)
      if (!sense.on) out_ << "  - " << printable(sense.id) << ": " << printable(sense.why) << '\n';
  }

  void closing(const Examination& examination) {
    if (choices_.quiet) return;
    const auto& e = examination.examined;
    const bool probe = examination.command == "probe";
    const bool capture = e.packets > 0 || probe || examination.command == "pcap" || examination.command == "sensor";
    out_ << '\n'
         << say(probe     ? TextId::report_closing_probe
                : capture ? TextId::report_closing_pcap
                          : TextId::report_closing,
                {{"processes", std::to_string(e.processes)},
                 {"threads", std::to_string(e.threads)},
                 {"packets", std::to_string(e.packets)},
                 {"bytes", std::to_string(e.bytes)},
                 {"flows", std::to_string(e.flows)},
                 {"seconds", one_decimal(examination.seconds)},
                 {"intel", examination.intel_version},
                 {"trust", examination.intel_trust}})
         << '\n';
    const auto& d = examination.dropped;
    if (d.events + d.truncated + d.unreadable + d.limit > 0)
      out_ << say(TextId::report_dropped, {{"events", std::to_string(d.events)},
                                           {"truncated", std::to_string(d.truncated)},
                                           {"unreadable", std::to_string(d.unreadable)},
                                           {"limit", std::to_string(d.limit)}})
           << '\n';
    if (examination.intel_trust == "development") out_ << say(TextId::report_development_key) << '\n';
    if (examination.findings.empty() && !capture) out_ << say(TextId::report_next_clear) << '\n';
  }

  std::ostream& out_;
  const CommonChoices& choices_;
};

}  // namespace

bool Examination::incomplete() const {
  const bool required_off = std::ranges::any_of(senses, [](const auto& sense) { return sense.required && !sense.on; });
  return required_off || dropped.limit > 0 || dropped.unreadable > 0;
}

void Examination::lacks_recording(std::string why) {
  senses.push_back({.id = "recording", .on = false, .why = printable(why), .required = true});
}

Json summary_of(const Examination& e, const Settings& settings) {
  Json out = Json::object();
  out.set("type", "summary").set("command", e.command).set("version", kVersion).set("intel", e.intel_version);
  out.set("trust", e.intel_trust).set("seconds", e.seconds).set("examined", to_json(e.examined));
  out.set("dropped", to_json(e.dropped)).set("senses", to_json(e.senses)).set("verdicts", verdict_counts(e.findings));
  if (kilowatt_hours_of(e.findings).high > 0.0) out.set("energy", energy_of(e.findings, settings));
  return out;
}

void print(const Examination& examination, const CommonChoices& choices, std::ostream& out) {
  if (choices.format == Format::text) {
    TextReport(out, choices).write(examination);
    return;
  }
  if (choices.format == Format::jsonl) {
    for (const auto& finding : examination.findings) out << to_json(finding).dump() << '\n';
    out << summary_of(examination, choices.settings).dump() << '\n';
    return;
  }
  Json findings = Json::array();
  for (const auto& finding : examination.findings) findings.push(to_json(finding));
  Json whole = Json::object();
  whole.set("findings", std::move(findings)).set("summary", summary_of(examination, choices.settings));
  out << whole.dump() << '\n';
}

void print_finding(const model::Finding& finding, const Examination& so_far, const CommonChoices& choices,
                   std::ostream& out) {
  if (choices.format == Format::text) TextReport(out, choices).write_finding(finding, so_far);
  if (choices.format == Format::jsonl) out << to_json(finding).dump() << '\n';
}

void print_rest(const Examination& examination, const CommonChoices& choices, std::ostream& out) {
  if (choices.format == Format::text) TextReport(out, choices).write_rest(examination);
  if (choices.format == Format::jsonl) out << summary_of(examination, choices.settings).dump() << '\n';
  if (choices.format == Format::json) print(examination, choices, out);
}

int exit_status(const Examination& examination, model::Verdict fail_at) {
  const bool found =
      std::ranges::any_of(examination.findings, [&](const auto& finding) { return finding.verdict >= fail_at; });
  if (found) return kExitFound;
  return examination.incomplete() ? kExitIncomplete : kExitNothingFound;
}

}  // namespace davy::cli

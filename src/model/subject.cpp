#include "model/subject.h"

namespace davy::model {
namespace {

struct KeyOf {
  SubjectKey operator()(const HostSubject&) const { return host_key(); }
  SubjectKey operator()(const ProcessSubject& p) const { return process_key(p.pid, p.start_boottime_ns); }
  SubjectKey operator()(const FlowSubject& f) const {
    return "flow:" + f.protocol + ":" + f.source + ":" + std::to_string(f.source_port) + ":" + f.destination + ":" +
           std::to_string(f.destination_port) + (f.first_ns == 0 ? "" : "@" + std::to_string(f.first_ns));
  }
  SubjectKey operator()(const FileSubject& f) const {
    return f.member.empty() ? "file:" + f.path : "file:" + f.path + "!" + f.member;
  }
  SubjectKey operator()(const DeviceSubject& d) const {
    return "device:" + d.address + (d.mac.empty() ? "" : "@" + d.mac);
  }
};

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json time_or_null(std::int64_t ns) { return ns == 0 ? Json() : Json(to_rfc3339(Timestamp{ns})); }

struct ToJson {
  Json operator()(const HostSubject& h) const {
    Json out = Json::object();
    out.set("kind", "host").set("host", h.host);
    return out;
  }
  Json operator()(const ProcessSubject& p) const {
    Json lineage = Json::array();
    for (const std::string& name : p.lineage) lineage.push(name);
    Json out = Json::object();
    out.set("kind", "process").set("host", p.host).set("pid", p.pid).set("start_time", to_rfc3339(p.start_time));
    out.set("exe", p.exe).set("sha256", or_null(p.sha256)).set("cmdline", p.cmdline).set("user", p.user);
    out.set("container", p.container ? Json(*p.container) : Json()).set("lineage", std::move(lineage));
    out.set("cores", p.cores);
    return out;
  }
  Json operator()(const FlowSubject& f) const {
    Json out = Json::object();
    out.set("kind", "flow").set("proto", f.protocol).set("src", f.source).set("sport", int{f.source_port});
    out.set("dst", f.destination).set("dport", int{f.destination_port});
    out.set("first_seen", time_or_null(f.first_ns)).set("last_seen", time_or_null(f.last_ns));
    out.set("packets", f.packets).set("bytes", f.bytes).set("server_name", or_null(f.server_name));
    out.set("dialect", or_null(f.dialect)).set("coin", or_null(f.coin)).set("wallet", or_null(f.wallet));
    out.set("worker", or_null(f.worker)).set("agent", or_null(f.agent));
    if (f.hashes_per_second > 0.0)
      out.set("hashes_per_second", f.hashes_per_second).set("hash_rate_error", f.hash_rate_error);
    if (f.watts.high > 0.0)
      out.set("watts", model::to_json(f.watts)).set("kilowatt_hours", model::to_json(f.kilowatt_hours));
    return out;
  }
  Json operator()(const FileSubject& f) const {
    Json out = Json::object();
    out.set("kind", "file").set("path", f.path).set("member", or_null(f.member));
    out.set("sha256", or_null(f.sha256)).set("size", f.size);
    return out;
  }
  Json operator()(const DeviceSubject& d) const {
    Json out = Json::object();
    out.set("kind", "device").set("address", d.address).set("mac", or_null(d.mac));
    out.set("vlan", d.vlan == 0 ? Json() : Json(int{d.vlan})).set("name", or_null(d.name));
    out.set("owner", or_null(d.owner));
    return out;
  }
};

}  // namespace

Json to_json(const Range& range) {
  Json out = Json::array();
  return out.push(range.low).push(range.high);
}

SubjectKey key_of(const Subject& subject) { return std::visit(KeyOf{}, subject); }

SubjectKey process_key(std::int64_t pid, std::uint64_t start_boottime_ns) {
  return "process:" + std::to_string(pid) + ":" + std::to_string(start_boottime_ns);
}

SubjectKey host_key() { return "host"; }

std::string_view kind_of(const Subject& subject) {
  static constexpr std::string_view kKinds[] = {"host", "process", "flow", "file", "device"};
  return kKinds[subject.index()];
}

Json to_json(const Subject& subject) { return std::visit(ToJson{}, subject); }

}  // namespace davy::model

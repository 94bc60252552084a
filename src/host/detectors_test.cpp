#include "host/detectors.h"

#include <gtest/gtest.h>

#include <map>

#include "host/evidence_parts.h"
#include "host/stealth_detector.h"

namespace davy::host {
namespace {

struct Collected final : model::EvidenceSink {
  std::map<std::string, model::Evidence> by_kind;
  std::vector<model::Link> links;
  std::vector<model::Subject> subjects;
  void add(model::Evidence evidence) override { by_kind.insert_or_assign(evidence.kind, evidence); }
  void describe(model::Subject subject) override { subjects.push_back(std::move(subject)); }
  void link(model::Link one) override { links.push_back(std::move(one)); }
};

intel::Knowledge knowledge() {
  std::map<std::string, Json> parts;
  parts["pools"] = *Json::parse(R"({"entries":[{"host":"xmr.pool.example.org","sources":["s"]}]})");
  parts["ports"] = *Json::parse(R"({"families":[{"family":"stratum","note":"n","source":"s","ports":[3333]}]})");
  parts["families"] = *Json::parse(R"({"families":[{"family":"xmrig","names":["xmrig"],"source":"s"}]})");
  return *intel::Knowledge::from_parts(std::move(parts), "test");
}

class DetectorsTest : public ::testing::Test {
 protected:
  void see(model::Observation::Value value) {
    for (const auto& detector : detectors_) detector->observe({{++at_}, value}, sink_);
  }
  void sample(std::uint32_t mode, std::int64_t tid = 7, std::uint64_t cpu = 1) {
    see(model::ThreadSample{.process = process_,
                            .tid = tid,
                            .cpu_ns = cpu,
                            .interval_ns = 50,
                            .has_fp_control = true,
                            .fp_control = 0x9fc0 | mode << 13,
                            .architecture = "x86_64",
                            .source = "bpf"});
  }
  bool has(const char* kind) const { return sink_.by_kind.contains(kind); }

  const intel::Knowledge knowledge_ = knowledge();
  std::vector<std::unique_ptr<model::Detector>> detectors_ = create_detectors(knowledge_);
  Collected sink_;
  const model::ProcessId process_{7, 70};
  std::int64_t at_ = 0;
};

TEST_F(DetectorsTest, ThreeRoundingModesInOneThreadAreRandomX) {
  sample(0), sample(1), sample(2);
  see(model::ExaminationEnd{});
  ASSERT_TRUE(has("randomx.rounding_modes"));
  EXPECT_EQ(sink_.by_kind.at("randomx.rounding_modes").detail["modes"].int_or(0), 3);
}

TEST_F(DetectorsTest, IntervalArithmeticAndThreadsThatDifferAreNot) {
  sample(1), sample(2), sample(1);
  sample(0, 8), sample(3, 9);
  sample(0, 7, 0);  // processor time did not advance: an old value
  see(model::ExaminationEnd{});
  EXPECT_FALSE(has("randomx.rounding_modes"));
}

TEST_F(DetectorsTest, BorrowedNamesAreSeenAndHonestOnesAreNot) {
  see(model::ProcessSeen{.process = process_,
                         .comm = "kworker/0:1",
                         .exe = "/tmp/.x/a",
                         .executed_as = "/tmp/.x/a",
                         .argv = {"[kworker/0:1]"}});
  EXPECT_TRUE(has("process.kernel_thread_name"));
  sink_.by_kind.clear();
  see(model::ProcessSeen{.process = process_, .comm = "kworker/0:1", .kernel_thread = true});
  see(model::ProcessSeen{.process = process_,
                         .comm = "nginx",
                         .exe = "/usr/sbin/nginx",
                         .executed_as = "/usr/sbin/nginx",
                         .argv = {"nginx: worker process"}});
  see(model::ProcessSeen{.process = process_,
                         .comm = "script.py",
                         .exe = "/usr/bin/python3.11",
                         .executed_as = "./script.py",
                         .argv = {"python3", "./script.py"}});
  see(model::ProcessSeen{
      .process = process_, .comm = "bash", .exe = "/usr/bin/bash", .executed_as = "/bin/bash", .argv = {"-bash"}});
  EXPECT_TRUE(sink_.by_kind.empty()) << sink_.by_kind.begin()->first;
}

TEST_F(DetectorsTest, DeletedReplacedAndInMemoryImagesAreToldApart) {
  see(model::ProcessSeen{
      .process = process_, .comm = "a", .exe = "/opt/a (deleted)", .executed_as = "/opt/a", .argv = {"a"}});
  EXPECT_TRUE(has("image.deleted"));
  see(model::ProcessSeen{.process = process_,
                         .comm = "a",
                         .exe = "/opt/a (deleted)",
                         .executed_as = "/opt/a",
                         .argv = {"a"},
                         .exe_replaced = true});
  EXPECT_TRUE(has("image.deleted_replaced"));
  see(model::ProcessSeen{.process = process_,
                         .comm = "a",
                         .exe = "/memfd:a (deleted)",
                         .executed_as = "a",
                         .argv = {"a"},
                         .exe_in_memory = true});
  EXPECT_TRUE(has("image.in_memory"));
}

TEST_F(DetectorsTest, OneWalkDoesNotMakeAProcessHidden) {
  see(model::HiddenSeen{.process = process_, .walks = 1, .missing_in_proc = true, .witness = "w"});
  EXPECT_FALSE(has("process.hidden"));
  see(model::HiddenSeen{.process = process_, .walks = kHiddenWalks, .covered = true, .witness = "w"});
  EXPECT_TRUE(has("process.hidden"));
  EXPECT_TRUE(has("listing.disagrees"));
}

TEST_F(DetectorsTest, AThinFlowCountsOnlyInAProcessThatComputes) {
  const model::SocketSeen socket{.process = process_,
                                 .protocol = "tcp",
                                 .local = "10.0.0.1",
                                 .local_port = 50000,
                                 .remote = "10.0.0.2",
                                 .remote_port = 44444,
                                 .state = "established",
                                 .bytes_sent = 900,
                                 .bytes_received = 4000};
  see(socket);
  see(model::ProcessLoad{.process = process_,
                         .interval_ns = 1'000'000'000,
                         .cpu_ns = 950'000'000,
                         .lifetime_cpu_ns = 60'000'000'000,
                         .voluntary_switches = 5'000,
                         .looks = 20});
  EXPECT_FALSE(has("flow.thin_long"));
  see(model::ProcessLoad{.process = process_,
                         .interval_ns = 1'000'000'000,
                         .cpu_ns = 950'000'000,
                         .lifetime_cpu_ns = 60'000'000'000,
                         .voluntary_switches = 3,
                         .looks = 20});
  ASSERT_TRUE(has("flow.thin_long"));
  ASSERT_EQ(sink_.links.size(), 1U);
  EXPECT_EQ(sink_.links[0].why, "socket");
}

TEST_F(DetectorsTest, KnownPoolsAndPoolPortsAreSeenOnTheFlow) {
  model::SocketSeen socket{.process = process_,
                           .protocol = "tcp",
                           .local = "10.0.0.1",
                           .local_port = 50000,
                           .remote = "10.9.9.9",
                           .remote_port = 3333,
                           .state = "established",
                           .server_name = "eu.xmr.pool.example.org"};
  see(socket);
  EXPECT_TRUE(has("flow.known_pool"));
  EXPECT_TRUE(has("flow.pool_port"));
  sink_.by_kind.clear();
  socket.remote = "127.0.0.1", socket.server_name = "";
  see(socket);
  EXPECT_TRUE(sink_.by_kind.empty());
}

TEST_F(DetectorsTest, MemoryGivesEachKindOfMark) {
  see(model::MemorySeen{.process = process_,
                        .randomx_code = 4,
                        .families = {{"randomx", 5, 3, false}, {"argon2", 1, 1, true}},
                        .texts = {{"config", "x", "xmr.pool.example.org:3333", "44A", "monero", "rx/0", "memory"}},
                        .allocations = {{"randomx.cache", 268'439'552, 1}}});
  for (const char* kind : {"randomx.machine_code", "pow.constants", "randomx.allocation", "miner.configuration",
                           "miner.wallet", "miner.known_pool"})
    EXPECT_TRUE(has(kind)) << kind;
}

TEST_F(DetectorsTest, WeakFamiliesAndScratchpadsAloneAreNothing) {
  see(model::MemorySeen{.process = process_,
                        .families = {{"argon2", 1, 1, true}, {"randomx", 2, 3, false}},
                        .allocations = {{"randomx.scratchpad", 2'097'152, 50}}});
  EXPECT_TRUE(sink_.by_kind.empty());
}

TEST_F(DetectorsTest, AnUnchangedPackageSpeaksAgainstButNotForAnInterpreter) {
  model::ImageSeen image{
      .process = process_, .path = "/usr/bin/xz", .sha256 = "ab", .package = "xz-utils", .package_state = "unchanged"};
  see(image);
  EXPECT_TRUE(has("package.unchanged"));
  sink_.by_kind.clear();
  image.script_interpreter = true;
  see(image);
  EXPECT_TRUE(sink_.by_kind.empty());
}

TEST_F(DetectorsTest, StopAndContinueNeedsBothStatesOften) {
  see(model::ProcessLoad{.process = process_, .interval_ns = 100, .cpu_ns = 10, .looks = 20, .looks_stopped = 19});
  EXPECT_FALSE(has("process.stop_continue"));
  see(model::ProcessLoad{.process = process_, .interval_ns = 100, .cpu_ns = 10, .looks = 20, .looks_stopped = 9});
  EXPECT_TRUE(has("process.stop_continue"));
}

}  // namespace
}  // namespace davy::host

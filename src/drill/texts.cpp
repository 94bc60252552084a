#include "drill/texts.h"

#include <array>
#include <span>

namespace davy::drill {
namespace {

struct Entry {
  Masked<24> name;
  Masked<200> english;
  Masked<260> chinese;
};

constexpr std::array kExercises{
    Entry{"pool", "mock pool on 127.0.0.1: made-up jobs, accepts only the exercise wallet",
          "模拟矿池，只在 127.0.0.1：任务是编造的，只接受演练钱包"},
    Entry{"mine", "mock miner: hashes made-up bytes with ordinary libraries; mines nothing",
          "模拟矿工：用普通的库对编造的数据做哈希；不挖任何币"},
    Entry{"hide bind-mount", "covers /proc/PID of a twin with an empty folder, in a private mount namespace only",
          "只在私有挂载命名空间内，用空目录盖住孪生进程的 /proc/PID"},
    Entry{"hide preload", "leaves a twin out of directory listings of one command or one private mount namespace",
          "让一条命令或一个私有挂载命名空间里的目录列表看不到孪生进程"},
    Entry{"config", "prints the configuration text that `mine --config` takes",
          "输出可供 mine --config 使用的配置文本"},
};

constexpr std::array kDisguises{
    Entry{"renamed", "runs from a copy named kworker-u8, shows itself as [kworker/0:1]",
          "从名为 kworker-u8 的副本运行，显示为 [kworker/0:1]"},
    Entry{"memfd", "runs from memory, no file behind it", "从内存运行，没有对应的文件"},
    Entry{"deleted", "runs from a copy that is removed at once", "从副本运行，副本随即删除"},
    Entry{"throttle", "a parent stops and continues it, half of the time each", "由父进程轮流暂停和恢复，各占一半时间"},
    Entry{"nice", "nice 19 and SCHED_IDLE", "nice 19 与 SCHED_IDLE"},
    Entry{"namespaces", "own pid, mount, host name and control-group namespaces, own control group",
          "独立的 pid、挂载、主机名、控制组命名空间，独立控制组"},
    Entry{"stdin-config", "takes its configuration from standard input", "从标准输入读取配置"},
};

void add_entries(SecretText& out, std::span<const Entry> entries) {
  for (const Entry& entry : entries) {
    out.add(mask("  ")).add(entry.name).add(mask("\n      ")).add(entry.english);
    out.add(mask("\n      ")).add(entry.chinese).add(mask("\n"));
  }
}

}  // namespace

SecretText start_notice(std::uint32_t seconds, int pid) {
  SecretText out;
  out.add(mask("davy-drill: this is an exercise, it mines nothing and talks to loopback only; ends by itself after "));
  out.add_number(seconds).add(mask(" s; stop it now with: kill "));
  out.add_number(static_cast<std::uint64_t>(pid));
  out.add(mask("\ndavy-drill：这是演练，不挖任何币，只与本机回环地址通信；")).add_number(seconds);
  out.add(mask(" 秒后自行结束；立即停止：kill ")).add_number(static_cast<std::uint64_t>(pid));
  out.add(mask("\n"));
  return out;
}

SecretText list_text() {
  SecretText out;
  out.add(mask("Exercises / 演练\n"));
  add_entries(out, kExercises);
  out.add(mask("Disguises for mine / 伪装 (--disguise NAME)\n"));
  add_entries(out, kDisguises);
  out.add(mask(
      "  --scrub\n      no readable configuration, wallet or conversation stays in memory\n"
      "      内存中不留可读的配置、钱包或对话\n"
      "  --duty 100|50|25|10|5\n      share of a core that each thread uses\n      每个线程占用一个核心的百分比\n"));
  return out;
}

SecretText usage_text() {
  return SecretText(mask(
      "davy-drill: the harmless exercise twin / 无害的演练孪生程序\n"
      "  davy-drill list\n"
      "  davy-drill pool [--port P] [--seconds N] [--job-seconds N] [--difficulty N] [--algo A]\n"
      "  davy-drill mine [--algo randomx|scrypt|argon2id|sha256d] [--mode light|fast|interpreter] [--threads N]\n"
      "                  [--duty 100|50|25|10|5] [--pool 127.0.0.1:P|none] [--seconds N] [--nice N] [--keepalive N]\n"
      "                  [--config FILE|-] [--scrub] [--disguise NAME]...\n"
      "  davy-drill config [--pool 127.0.0.1:P|none] [--algo A] [--mode M] [--threads N]\n"
      "  davy-drill talk --list\n"
      "  davy-drill talk NAME --pcap FILE [--shares N] [--gap MS] [--split BYTES] [--via connect|socks5]\n"
      "                  [--spaced] [--reordered] [--midstream]\n"
      "  davy-drill talk NAME --serve [--port P] [--tls 1.2|1.3] [--job-gap MS] [--padding BYTES] [--seconds N]\n"
      "  davy-drill talk NAME --connect 127.0.0.1:P [--tls 1.2|1.3] [--sni NAME] [--shares N] [--gap MS] [--seed N]\n"
      "  davy-drill relay --to 127.0.0.1:P [--port P] [--tls-in 1.2|1.3] [--tls-out 1.2|1.3] [--seconds N]\n"
      "  davy-drill hide bind-mount --pid P [-- COMMAND...]\n"
      "  davy-drill hide preload --pid P [--seconds N] [--etc] [-- COMMAND...]\n"));
}

}  // namespace davy::drill

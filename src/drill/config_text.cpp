#include "drill/config_text.h"

#include "base/json.h"
#include "drill/messages.h"
#include "drill/wallet.h"

namespace davy::drill {
namespace {

std::string_view mode_name(Mode mode) { return mode == Mode::fast ? "fast" : "light"; }

Status apply_pool(const Json& pool, Plan& plan) {
  const SecretText url(mask("url"));
  const SecretText user(mask("user"));
  plan.pool = TRY(parse_loopback(pool[url.view()].string_or("")));
  plan.has_pool = true;
  if (pool[user.view()].string_or("") != exercise_wallet().view())
    return fail(ErrorCode::invalid_argument, "refused: the only user allowed is the exercise wallet");
  return {};
}

}  // namespace

SecretText build_config(const Plan& plan, std::string_view pool_text) {
  SecretText out;
  out.add(
      mask("{\n    \"autosave\": false,\n    \"background\": false,\n    \"randomx\": {\n        \"init\": -1,\n"
           "        \"mode\": \""));
  out.add(mode_name(plan.mode));
  out.add(
      mask("\",\n        \"1gb-pages\": false,\n        \"numa\": true\n    },\n    \"cpu\": {\n"
           "        \"enabled\": true,\n        \"huge-pages\": false,\n        \"hw-aes\": null,\n"
           "        \"priority\": null,\n        \"asm\": true,\n        \"max-threads-hint\": "));
  out.add_number(plan.threads * 100U).add(mask("\n    },\n    \"donate-level\": 0,\n    \"pools\": ["));
  if (plan.has_pool) {
    out.add(mask("\n        {\n            \"algo\": \"")).add(wire_name(plan.algorithm));
    out.add(mask("\",\n            \"coin\": null,\n            \"url\": \"")).add(pool_text);
    out.add(mask("\",\n            \"user\": \"")).add(exercise_wallet().view());
    out.add(
        mask("\",\n            \"pass\": \"x\",\n            \"rig-id\": \"davy-exercise\",\n"
             "            \"keepalive\": true,\n            \"enabled\": true,\n            \"tls\": false\n"
             "        }\n    "));
  }
  out.add(mask("],\n    \"retries\": 5,\n    \"retry-pause\": 2,\n    \"print-time\": 60\n}\n"));
  return out;
}

Status apply_config(std::string_view text, Plan& plan) {
  const Json config = TRY(Json::parse(text));
  const SecretText pools(mask("pools"));
  const auto& listed = config[pools.view()].items();
  if (listed.size() > 1) return fail(ErrorCode::invalid_argument, "one pool at most");
  plan.has_pool = false;
  return listed.empty() ? Status{} : apply_pool(listed.front(), plan);
}

}  // namespace davy::drill

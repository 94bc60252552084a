// Near misses: conversations that share words or shapes with mining and are none.
#include "drill/talks/script.h"

namespace davy::drill {

std::span<const Talk> innocent_talks() {
  static constexpr Talk kTalks[] = {
      {"electrum", "a wallet and its Electrum server", false, Wrap::line,
       R"(>{"id":0,"method":"server.version","params":["electrum/4.5","1.4"]}
<{"id":0,"jsonrpc":"2.0","result":["ElectrumX 1.16","1.4"]}
)",
       R"(>{"id":@n,"method":"blockchain.scripthash.subscribe","params":["@h64."]}
<{"id":@n,"jsonrpc":"2.0","result":"@h64."}
<{"jsonrpc":"2.0","method":"blockchain.headers.subscribe","params":[{"height":@d,"hex":"@h160."}]}
)"},
      {"node_rpc", "a program that asks an Ethereum node", false, Wrap::http, "",
       R"(>POST / {"id":@n,"jsonrpc":"2.0","method":"eth_call","params":[{"to":"0x@h40.","data":"0x@h64."},"latest"]}
<{"id":@n,"jsonrpc":"2.0","result":"0x@h64."}
)"},
      {"language_server", "an editor and its language server", false, Wrap::line,
       R"(>{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":{},"rootUri":null}}
<{"jsonrpc":"2.0","id":0,"result":{"capabilities":{"hoverProvider":true}}}
)",
       R"(>{"jsonrpc":"2.0","id":@n,"method":"textDocument/hover","params":{"position":{"line":@n,"character":4}}}
<{"jsonrpc":"2.0","id":@n,"result":{"contents":"int job"}}
)"},
      {"model_context", "an assistant and its tools", false, Wrap::line,
       R"(>{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}
<{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-03-26","capabilities":{"tools":{}}}}
)",
       R"(>{"jsonrpc":"2.0","id":@n,"method":"tools/call","params":{"name":"submit","arguments":{"job_id":"@j"}}}
<{"jsonrpc":"2.0","id":@n,"result":{"content":[{"type":"text","text":"ok"}]}}
)"},
      {"job_scheduler", "a render farm: jobs, submits and results", false, Wrap::line,
       R"(>{"id":1,"method":"login","params":{"login":"anna","pass":"x"}}
<{"id":1,"result":{"id":"session","status":"OK"},"error":null}
)",
       R"(<{"method":"job","params":{"job_id":"render-@k","target":"node-4","blob":"s3://bucket/x"}}
>{"id":@n,"method":"submit","params":{"id":"session","job_id":"render-@k","result":"done"}}
<{"id":@n,"result":{"status":"OK"},"error":null}
)"},
      {"login_api", "an application that logs in and lives on", false, Wrap::line,
       R"(>{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"anna","pass":"x","agent":"app/1"}}
<{"id":1,"jsonrpc":"2.0","result":{"id":"session","status":"OK"},"error":null}
)",
       R"(>{"id":@n,"jsonrpc":"2.0","method":"status","params":{"id":"session"}}
<{"id":@n,"jsonrpc":"2.0","result":{"status":"OK"}}
)"},
      {"chat_about_stratum", "people who talk about mining", false, Wrap::line, "",
       R"(>{"type":"message","text":"{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer\"]}"}
<{"method":"post","params":["mining.notify","mining.submit stratum+tcp://far.example:3333"]}
)"},
      {"websocket_chat", "a chat over WebSocket", false, Wrap::websocket,
       R"(>{"type":"auth","params":{"user":"anna","password":"x"}}
<{"type":"authed","params":{"name":"anna"}}
)",
       R"(>{"type":"submit","params":{"text":"good morning @n"}}
<{"type":"job","params":{"title":"gardener","place":"Basel"}}
)"},
  };
  return kTalks;
}

}  // namespace davy::drill

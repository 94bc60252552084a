// Conversations inside WebSocket and HTTP.
#include "drill/talks/script.h"

namespace davy::drill {

std::span<const Talk> web_talks() {
  static constexpr Talk kTalks[] = {
      {"coinhive", "mining in a web page, over WebSocket", true, Wrap::websocket,
       R"(>{"type":"auth","params":{"version":7,"site_key":"@h32.","type":"anonymous","user":null,"goal":0}}
<{"type":"authed","params":{"token":"","hashes":0}}
)",
       R"(<{"type":"job","params":{"job_id":"@j","blob":"0707@h148.","target":"ffffff00"}}
>{"type":"submit","params":{"version":7,"job_id":"@j","nonce":"@h8.","result":"@h62.00"}}
<{"type":"hash_accepted","params":{"hashes":256}}
)"},
      {"webminerpool", "mining in a web page, over WebSocket", true, Wrap::websocket,
       R"(>{"identifier":"handshake","pool":"far.example","login":"@w","password":"","userid":"","version":7}
)",
       R"(<{"identifier":"job","job_id":"@j","algo":"cn","variant":-1,"height":@d,"blob":"0707@h148.","target":"ffffff00"}
>{"identifier":"solved","job_id":"@j","nonce":"@h8.","result":"@h62.00"}
<{"identifier":"hashsolved"}
)"},
      {"monerod", "a Monero node asked for templates, over HTTP", true, Wrap::http, "",
       R"(>POST /json_rpc {"jsonrpc":"2.0","id":"0","method":"get_block_template","params":{"wallet_address":"@w","reserve_size":8}}
<{"id":"0","jsonrpc":"2.0","result":{"blockhashing_blob":"1010@h148.","blocktemplate_blob":"1010@h400.","difficulty":1000,"height":@d,"prev_hash":"@h64.","reserved_offset":130,"seed_hash":"@h64.","status":"OK"}}
>POST /json_rpc {"jsonrpc":"2.0","id":"0","method":"submit_block","params":["1010@h400."]}
<{"id":"0","jsonrpc":"2.0","result":{"status":"OK"}}
)"},
  };
  return kTalks;
}

}  // namespace davy::drill

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
      {"nimiq", "Nimiq, over WebSocket", true, Wrap::websocket,
       R"(>{"message":"register","mode":"smart","address":"NQ06 ABCD EFGH 0123 JKLM 4567 NPQR 89ST UVXY","deviceId":123,"startDifficulty":null,"deviceData":null,"genesisHash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}
<{"message":"registered"}
)",
       R"(<{"message":"settings","address":"NQ07 0000 0000 0000 0000 0000 0000 0000 0000","extraData":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB","target":1.2e75,"targetCompact":520159231,"nonce":1@n}
>{"message":"share","blockHeader":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB","minerAddrProof":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB","extraDataProof":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"}
<{"message":"balance","balance":1@n,"confirmedBalance":0,"payoutRequestActive":false}
)"},
      {"getblocktemplate", "a Bitcoin node asked for templates, over HTTP", true, Wrap::http, "",
       R"(>POST / {"id":@n,"method":"getblocktemplate","params":[{"capabilities":["coinbasetxn","workid"]}]}
<{"id":@n,"error":null,"result":{"version":536870912,"rules":[],"previousblockhash":"@h64.","transactions":[],"coinbasevalue":312500000,"target":"0000000000000000000000000000000000000000000000000000ffff00000000","bits":"1d00ffff","height":@d,"curtime":17500000@n}}
>POST / {"id":@n,"method":"submitblock","params":["@h160.01@h400."]}
<{"id":@n,"error":null,"result":null}
)"},
      {"getwork", "an old node asked for work, over HTTP", true, Wrap::http, "",
       R"(>POST / {"id":@n,"method":"getwork","params":[]}
<{"id":@n,"error":null,"result":{"data":"@h256.","target":"0000000000000000000000000000000000000000000000000000ffff00000000","midstate":"@h64.","hash1":"@h128."}}
>POST / {"id":@n,"method":"getwork","params":["@h256."]}
<{"id":@n,"error":null,"result":true}
)"},
      {"ergo_node", "an Ergo node asked for candidates, over HTTP", true, Wrap::http, "",
       R"(>GET /mining/candidate
<{"msg":"@h64.","b":748014723576678314041035877227113663879264849498014394977645987,"h":@d,"pk":"03@h64.","proof":null}
>POST /mining/solution {"n":"@h16."}
<{"n":"@h16."}
)"},
      {"chia", "a Chia pool and a farmer, over HTTP", true, Wrap::http,
       R"(>GET /pool_info
<{"name":"exercise","minimum_difficulty":1,"relative_lock_height":32,"protocol_version":1,"fee":"0.01","target_puzzle_hash":"@h64."}
>POST /farmer {"payload":{"launcher_id":"0x@h64.","authentication_token":5,"authentication_public_key":"@h96.","payout_instructions":"xch1exercise","suggested_difficulty":null},"signature":"@h192."}
<{"welcome_message":"hello"}
)",
       R"(>POST /partial {"payload":{"launcher_id":"0x@h64.","authentication_token":5,"proof_of_space":{"challenge":"0x@h64.","plot_public_key":"0x@h96.","size":32,"proof":"0x@h512."},"sp_hash":"0x@h64.","end_of_sub_slot":false,"harvester_id":"0x@h64."},"aggregate_signature":"0x@h192."}
<{"new_difficulty":10}
)"},
  };
  return kTalks;
}

}  // namespace davy::drill

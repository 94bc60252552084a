// Conversations of other families that are lines of JSON or of text.
#include "drill/talks/script.h"

namespace davy::drill {

std::span<const Talk> line_talks() {
  static constexpr Talk kTalks[] = {
      {"cryptonote", "Monero, valid shares against an easy target", true, Wrap::line,
       R"(>{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"@w","pass":"x","agent":"XMRig/6.22.2 (Linux x86_64) davy-exercise","algo":["cn/1","cn/2","cn/r","cn/fast","cn/half","cn/xao","cn/rto","cn/rwz","cn/zls","cn/double","cn/ccx","cn-lite/1","cn-heavy/0","cn-heavy/tube","cn-heavy/xhv","cn-pico","cn-pico/tlo","rx/0","rx/wow","rx/arq","rx/sfx","argon2/chukwa"]}}
<{"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"exercise1","job":{"blob":"1010@h148.","job_id":"a001","target":"b88d0600","algo":"rx/0","height":812000,"seed_hash":"@h64.","next_seed_hash":""},"extensions":["algo","keepalive"],"status":"OK"}}
)",
       R"(<{"jsonrpc":"2.0","method":"job","params":{"blob":"1010@h148.","job_id":"@j","target":"b88d0600","algo":"rx/0","height":@d,"seed_hash":"@h64.","next_seed_hash":""}}
>{"id":@n,"jsonrpc":"2.0","method":"submit","params":{"id":"exercise1","job_id":"@j","nonce":"@h8.","result":"@h60.0400"}}
<{"id":@n,"jsonrpc":"2.0","error":null,"result":{"status":"OK"}}
)"},
      {"ethproxy", "Ethereum's getWork over lines", true, Wrap::line,
       R"(>{"id":1,"jsonrpc":"2.0","method":"eth_submitLogin","params":["0x@h40.","x"],"worker":"eth1.0"}
<{"id":1,"jsonrpc":"2.0","result":true}
>{"id":2,"jsonrpc":"2.0","method":"eth_getWork","params":[]}
<{"id":2,"jsonrpc":"2.0","result":["0x@h64.","0x@h64.","0x0000000112e0be82@h48."]}
)",
       R"(<{"id":0,"jsonrpc":"2.0","result":["0x@h64.","0x@h64.","0x0000000112e0be82@h48."]}
>{"id":@n,"jsonrpc":"2.0","method":"eth_submitWork","params":["0x@h16.","0x@h64.","0x@h64."],"worker":"eth1.0"}
<{"id":@n,"jsonrpc":"2.0","result":true}
)"},
      {"grin", "Grin", true, Wrap::line,
       R"(>{"id":"0","jsonrpc":"2.0","method":"login","params":{"login":"exercise","pass":"x","agent":"grin-miner"}}
<{"id":"0","jsonrpc":"2.0","method":"login","result":"ok","error":null}
>{"id":"1","jsonrpc":"2.0","method":"getjobtemplate","params":null}
<{"id":"1","jsonrpc":"2.0","method":"getjobtemplate","result":{"difficulty":1,"height":812000,"job_id":6,"pre_pow":"@h480."},"error":null}
)",
       R"(<{"id":"Stratum","jsonrpc":"2.0","method":"job","params":{"difficulty":1,"height":@d,"job_id":@k,"pre_pow":"@h480."}}
>{"id":"@n","jsonrpc":"2.0","method":"submit","params":{"edge_bits":32,"height":@d,"job_id":@k,"nonce":8895699060858340771,"pow":[4210040,10141596,13269632,24291934,28079062,84254573,84493890,100560174,100657333,120128285,130518226,140371663,142109188,159800646,163323737,171019100,176840047,191220010,192245584,198941444,209276164,216952635,217795152,225662613,230166736,231315079,248639876,255443935,259380344,267225283,275239735,284237172,296239829,306265318,317328352,333372853,347377354,353378854,369385355,375386856,389388357,399389858]}}
<{"id":"@n","jsonrpc":"2.0","method":"submit","result":"ok","error":null}
)"},
      {"beam", "Beam", true, Wrap::line,
       R"(>{"method":"login","api_key":"@h40.","id":"login","jsonrpc":"2.0"}
<{"id":"login","jsonrpc":"2.0","method":"result","code":0,"description":"Login successful","nonceprefix":"a1b2","forkheight":321321}
)",
       R"(<{"id":"@k","jsonrpc":"2.0","method":"job","input":"@h64.","difficulty":83886080,"height":@d}
>{"method":"solution","id":"@k","nonce":"a1b2@h12.","output":"@h208.","jsonrpc":"2.0"}
<{"id":"@k","jsonrpc":"2.0","method":"result","code":1,"description":"accepted"}
)"},
      {"duino", "Duino-Coin, lines of text", true, Wrap::line, "<3.0\n",
       R"(>JOB,exercise,MEDIUM,key
<@h40.,@h40.,1000
>34@n,210000.5,Official PC Miner 4,rig1,,77
<GOOD
)"},
  };
  return kTalks;
}

}  // namespace davy::drill

// The node server of bench/wire_benign.py: JSON over HTTP and WebSocket, in clear and with TLS.
// Usage: node wire_server.js FOLDER ADDRESS PORT TLS_PORT
const fs = require('fs');
const http = require('http');
const https = require('https');
const { WebSocketServer } = require('ws');

const [, , folder, address, port, tlsPort] = process.argv;
const keys = { key: fs.readFileSync(`${folder}/key.pem`), cert: fs.readFileSync(`${folder}/cert.pem`) };

function page(request, response) {
  request.resume().on('end', () => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ id: 1, result: { path: request.url, queued: 3 }, error: null }));
  });
}

// Each message is acknowledged; to half of the clients news comes when it comes, of one size a client.
function talk(socket) {
  let pending = null;
  const text = 'n'.repeat(20 + Math.floor(Math.random() * 380));
  const news = () => {
    socket.send(JSON.stringify({ type: 'news', at: Date.now(), text }));
    pending = setTimeout(news, -Math.log(1 - Math.random()) * 6000 + 300);
  };
  if (Math.random() < 0.5) pending = setTimeout(news, 2000);
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    socket.send(JSON.stringify({ id: message.id, type: 'ack', result: { status: 'OK' } }));
  });
  socket.on('close', () => clearTimeout(pending));
  socket.on('error', () => {});
}

for (const [server, at] of [[http.createServer(page), port], [https.createServer(keys, page), tlsPort]]) {
  server.keepAliveTimeout = 90000;
  new WebSocketServer({ server }).on('connection', talk);
  server.listen(Number(at), address, 512);
}

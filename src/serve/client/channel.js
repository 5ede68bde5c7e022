// The connection to the server. It is opened again when it has ended, and also when nothing comes through it any more: a
// connection can be lost on the way without either side being told, as after a sleep or through a proxy.

const patience = 4000; // ms that the server may take to answer
const beat = 8000; // ms between questions whether it still does, while the page is visible
const slowest = 4000; // ms between attempts to find the server again
const first = 250; // ms until the first of them

export class Channel {
  /** `address` gives the URL of each connection; `receive` gets what the server says; `lost` is told of the end of one. */
  constructor({ address, receive, lost }) {
    Object.assign(this, { address, receive, lost, wait: first });
    this.connect();
    setInterval(() => !document.hidden && this.check(), beat);
    for (const type of ["focus", "online", "pageshow"]) addEventListener(type, () => this.check());
    document.addEventListener("visibilitychange", () => !document.hidden && this.check());
  }

  connect() {
    const socket = new WebSocket(this.address());
    this.socket = socket;
    this.expect();
    socket.addEventListener("open", () => this.socket === socket && this.hear());
    socket.addEventListener("message", ({ data }) => {
      if (this.socket !== socket) return;
      this.hear();
      const message = JSON.parse(data);
      if (!message.alive) this.receive(message);
    });
    socket.addEventListener("close", () => this.socket === socket && this.end());
  }

  /** Asks the server whether it is there. */
  check() {
    if (this.timer || !this.send("ping")) return;
    this.expect();
  }

  /** Sends a message; false if there is no connection. */
  send(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Gives the server up if it is silent from now on. */
  expect() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(), patience);
  }

  hear() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wait = first;
  }

  /** Leaves the connection, and opens another a little later. */
  end() {
    clearTimeout(this.timer);
    this.timer = undefined;
    // The browser waits for the other side to agree; nobody else does.
    this.socket?.close();
    this.socket = undefined;
    this.lost();
    clearTimeout(this.next);
    this.next = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, slowest);
  }
}

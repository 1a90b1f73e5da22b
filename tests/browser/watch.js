/** Put into a page before Jupyter's own code: counts the messages of the kernel, and what the views have begun and not ended. */
(() => {
  // The views' file is loaded from a blob; nothing else in the page is.
  const isOurs = () => new Error().stack.split("\n")[3]?.includes("blob:");
  const open = new Map();
  const begin = (what) => open.set(what, (open.get(what) ?? 0) + 1);
  const end = (what) => (open.get(what) > 1 ? open.set(what, open.get(what) - 1) : open.delete(what));

  /** What models of the kernel sent and when: a page that is busy hears it late and at once. @type {{time: number, what: string}[]} */
  const heard = [];
  const decoder = new TextDecoder();
  /** The header and content of a message: text, or an array whose parts' offsets stand first. */
  const parts = (data) => {
    if (typeof data === "string") return (({ header, content }) => [header, () => content])(JSON.parse(data));
    const view = new DataView(data);
    const at = (place) => Number(view.getBigUint64(8 * (1 + place), true));
    const part = (place) => JSON.parse(decoder.decode(data.slice(at(place), at(place + 1))));
    return [part(1), () => part(4)];
  };
  const note = ({ data }) => {
    const [{ msg_type: type, date }, content] = parts(data);
    if (!type.startsWith("comm_")) return;
    const { method, content: own } = type === "comm_msg" ? content().data : { method: type };
    heard.push({ time: Date.parse(date), what: own?.type ?? method });
  };
  window.WebSocket = class extends WebSocket {
    constructor(...words) {
      super(...words);
      if (!String(words[0]).includes("/channels")) return;
      this.addEventListener("message", note);
    }
  };

  for (const [start, stop, what] of [["setInterval", "clearInterval", "interval"], ["setTimeout", "clearTimeout", "timeout"], ["requestAnimationFrame", "cancelAnimationFrame", "frame"]]) {
    const [go, halt] = [window[start], window[stop]];
    const ours = new Set();
    const ended = (id) => ours.delete(id) && end(what);
    window[start] = (back, ...rest) => {
      if (!isOurs()) return go.call(window, back, ...rest);
      const id = go.call(window, (...words) => { if (what !== "interval") ended(id); back(...words); }, ...rest);
      ours.add(id);
      begin(what);
      return id;
    };
    window[stop] = (id) => { ended(id); halt.call(window, id); };
  }

  const { addEventListener: add, removeEventListener: drop } = EventTarget.prototype;
  const held = new WeakMap();
  EventTarget.prototype.addEventListener = function (type, back, options) {
    const target = this ?? window;
    if (isOurs() && back && !(target instanceof AbortSignal)) {
      const name = `${type} on ${target === window ? "window" : (target.nodeName ?? target.constructor.name)}`;
      const all = held.get(target) ?? held.set(target, new Map()).get(target);
      const key = `${type} ${Boolean(options?.capture ?? options === true)}`;
      if (!all.has(key)) all.set(key, new Map());
      if (!all.get(key).has(back)) {
        all.get(key).set(back, name);
        begin(name);
        if (options?.signal) add.call(options.signal, "abort", () => all.get(key).delete(back) && end(name));
      }
    }
    return add.call(target, type, back, options);
  };
  EventTarget.prototype.removeEventListener = function (type, back, options) {
    const target = this ?? window;
    const all = held.get(target)?.get(`${type} ${Boolean(options?.capture ?? options === true)}`);
    const name = all?.get(back);
    if (name) { all.delete(back); end(name); }
    return drop.call(target, type, back, options);
  };

  for (const what of ["MutationObserver", "ResizeObserver", "IntersectionObserver"]) {
    const on = new WeakSet();
    const Base = window[what];
    const ours = class extends Base {
      observe(...words) {
        if (isOurs() && !on.has(this)) { on.add(this); begin(what); }
        return super.observe(...words);
      }
      disconnect() {
        if (on.delete(this)) end(what);
        return super.disconnect();
      }
    };
    window[what] = ours;
  }

  let travelled = 0;
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...words) {
    if (this.closest(".k8sm")) travelled += 1;
    return animate.apply(this, words);
  };

  window.watched = {
    heard,
    open: () => Object.fromEntries(open),
    travelled: () => travelled,
    /** The messages of the busiest second since an instant, or of them the frames. An answer comes to each click. */
    busiest: (since, withUpdates) => {
      const counted = heard.filter(({ time, what }) => time >= since && (withUpdates ? what !== "answer" : what === "frame"));
      const seconds = counted.map(({ time }) => counted.filter((one) => one.time >= time && one.time < time + 1000));
      return seconds.reduce((most, second) => (second.length > most.length ? second : most), []).map(({ what }) => what);
    },
  };
})();

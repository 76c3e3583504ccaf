// What an expert would write by hand for each workload: names interned by a flat string hash, then dense tables.
// Two entry points per workload: str (the request holds strings, hash look-ups included) and ids (the request was
// interned before: the physical limit). hand.cpp is the stand-alone program; bench/micro/ includes this to put Lictor
// beside it in one run.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>
using namespace std;
using sv = string_view;
using Clock = chrono::steady_clock;
static double secs(Clock::time_point a) { return chrono::duration<double>(Clock::now() - a).count(); }

struct Intern {                       // open addressing, load <= 1/4, 16-byte slots + arena
  struct Slot { const char* p; uint32_t len; uint32_t id; };
  vector<Slot> t; uint32_t mask = 0, n = 0; vector<string*> own;
  static uint64_t h(sv s) {
    uint64_t a = 0, b = 0; size_t n = s.size();
    if (n >= 8) { memcpy(&a, s.data(), 8); memcpy(&b, s.data() + n - 8, 8); }
    else if (n >= 4) { uint32_t x, y; memcpy(&x, s.data(), 4); memcpy(&y, s.data() + n - 4, 4); a = x; b = y; }
    else if (n) { a = (uint8_t)s[0] | (uint64_t)(uint8_t)s[n / 2] << 8 | (uint64_t)(uint8_t)s[n - 1] << 16; }
    __uint128_t m = (__uint128_t)(a ^ 0x9E3779B97F4A7C15ull ^ n) * (b ^ 0xD6E8FEB86659FD93ull);
    return (uint64_t)m ^ (uint64_t)(m >> 64);
  }
  void grow() {
    vector<Slot> o = t; t.assign(max<size_t>(16, o.size() * 2), Slot{nullptr, 0, 0}); mask = t.size() - 1;
    for (auto& s : o) if (s.p) put(s);
  }
  void put(Slot s) { uint32_t i = h({s.p, s.len}) & mask; while (t[i].p) i = (i + 1) & mask; t[i] = s; }
  uint32_t add(sv s) {
    uint32_t f = find(s); if (f != ~0u) return f;
    if ((n + 1) * 4 > t.size()) grow();
    own.push_back(new string(s)); put({own.back()->data(), (uint32_t)s.size(), n}); return n++;
  }
  uint32_t find(sv s) const {
    if (!mask) return ~0u;
    for (uint32_t i = h(s) & mask;; i = (i + 1) & mask) {
      const Slot& x = t[i];
      if (!x.p) return ~0u;
      if (x.len == s.size() && !memcmp(x.p, s.data(), s.size())) return x.id;
    }
  }
};

struct Req { string s[5]; int64_t n = 0; };
static vector<vector<string>> tsv(const string& f) {
  vector<vector<string>> o; ifstream in(f); string l;
  while (getline(in, l)) { vector<string> v; string x; istringstream is(l); while (getline(is, x, '\t')) v.push_back(x); o.push_back(v); }
  return o;
}

struct W1 {
  Intern ag, ac, co, se, ws; vector<uint8_t> at, cx, on, st, wt; uint8_t sys = 0;
  void load(const vector<vector<string>>& F) {
    for (auto& f : F) {
      auto tierOf = [&](const string& a) { uint32_t i = ag.find(a); return i == ~0u ? 0 : at[i]; };
      if (f[0] == "agent") { ag.add(f[1]); at.push_back(stoi(f[2])); }
      else if (f[0] == "action") { ac.add(f[1]); cx.push_back(stoi(f[2])); }
      else if (f[0] == "component") { co.add(f[1]); on.push_back(stoi(f[2])); }
      else if (f[0] == "session") { se.add(f[1]); st.push_back(tierOf(f[2])); }
      else if (f[0] == "workspace") { ws.add(f[1]); wt.push_back(tierOf(f[2])); }
      else if (f[0] == "system") sys = tierOf(f[1]);
    }
    at.push_back(0); cx.push_back(9); on.push_back(1); st.push_back(0); wt.push_back(0);   // the "unknown" rows
  }
  bool str(const Req& r) const {
    if (r.n) return true;
    uint32_t c = co.find(r.s[0]); if (c != ~0u && !on[c]) return true;
    uint32_t a = ac.find(r.s[1]); if (a == ~0u) return false;
    uint8_t t = 0; uint32_t i;
    if (!r.s[3].empty() && (i = ag.find(r.s[3])) != ~0u) t = at[i];
    if (!t && !r.s[4].empty() && (i = se.find(r.s[4])) != ~0u) t = st[i];
    if (!t && (i = ws.find(r.s[2])) != ~0u) t = wt[i];
    if (!t) t = sys;
    return t >= cx[a];
  }
  struct Id { uint16_t ag, se; uint8_t co, ac, ws, em; };
  Id pre(const Req& r) const {
    auto g = [](uint32_t x, size_t n) { return x == ~0u ? n - 1 : x; };
    return {(uint16_t)g(ag.find(r.s[3]), at.size()), (uint16_t)g(se.find(r.s[4]), st.size()), (uint8_t)g(co.find(r.s[0]), on.size()),
            (uint8_t)g(ac.find(r.s[1]), cx.size()), (uint8_t)g(ws.find(r.s[2]), wt.size()), (uint8_t)r.n};
  }
  bool ids(const Id& r) const {
    uint8_t t = at[r.ag], s = st[r.se], w = wt[r.ws];
    t = t ? t : s ? s : w ? w : sys;
    return r.em | !on[r.co] | (t >= cx[r.ac]);
  }
};

struct W2 {
  Intern sv_, mo, op; vector<uint32_t> cell; struct D { uint32_t next; int64_t a, b; }; vector<D> d; size_t M = 256;
  // cell: bit 31 = in the matrix, low bits = 1 + first delegation
  size_t at(uint32_t s, uint32_t m, uint32_t o) const { return ((size_t)s * M + m) * 4 + o; }
  void load(const vector<vector<string>>& F) {
    map<string, string> own; map<string, bool> crit; cell.assign(64 * M * 4, 0);
    for (auto o : {"create", "read", "update", "delete"}) op.add(o);
    for (auto& f : F) {
      if (f[0] == "owner") { own[f[1]] = f[2]; mo.add(f[1]); sv_.add(f[2]); }
      else if (f[0] == "critical") crit[f[1]] = true;
      else if (f[0] == "matrix") cell[at(sv_.add(f[1]), mo.add(f[2]), op.find(f[3]))] |= 1u << 31;
      else if (f[0] == "delegation") {
        int64_t a = stoll(f[5]), b = stoll(f[6]);
        if (f[7] == "1" || crit[f[3]] || own[f[3]] != f[1] || b - a > 86400) continue;
        uint32_t& c = cell[at(sv_.add(f[2]), mo.add(f[3]), op.find(f[4]))];
        d.push_back({c & 0x7fffffff, a, b}); c = (c & 1u << 31) | d.size();
      }
    }
  }
  bool go(uint32_t s, uint32_t m, uint32_t o, int64_t now) const {
    uint32_t c = cell[at(s, m, o)];
    if (c >> 31) return true;
    for (; c; c = d[c - 1].next) if (d[c - 1].a <= now && now < d[c - 1].b) return true;
    return false;
  }
  bool str(const Req& r) const {
    uint32_t s = sv_.find(r.s[0]), m = mo.find(r.s[1]), o = op.find(r.s[2]);
    return s != ~0u && m != ~0u && o != ~0u && go(s, m, o, r.n);
  }
  struct Id { uint8_t s, m, o; int64_t now; };
  Id pre(const Req& r) const { return {(uint8_t)sv_.find(r.s[0]), (uint8_t)mo.find(r.s[1]), (uint8_t)op.find(r.s[2]), r.n}; }
  bool ids(const Id& r) const { return go(r.s, r.m, r.o, r.now); }
};

struct W3 {
  Intern us, pe, re, pr;               // pr: users and groups; the first 2,000 are users
  struct E { uint16_t who, grant, deny; };
  vector<uint32_t> off; vector<E> ent; vector<uint16_t> sub;
  vector<uint64_t> bits; size_t W = 0;   // per user: its principals as a bit set
  vector<uint16_t> table; bool mat = false; uint16_t approve = 0;
  void load(const vector<vector<string>>& F) {
    map<string, vector<string>> mem; map<string, string> par; map<string, uint16_t> role; map<string, vector<E>> at; vector<string> subs;
    for (auto& f : F) if (f[0] == "user") { us.add(f[1]); pr.add(f[1]); }
    for (auto& f : F) {
      if (f[0] == "member") { pr.add(f[1]); mem[f[1]] = {f.begin() + 2, f.end()}; }
      else if (f[0] == "parent") par[f[1]] = f[2];
      else if (f[0] == "perm") pe.add(f[1]);
      else if (f[0] == "role") for (size_t i = 2; i < f.size(); i++) role[f[1]] |= 1u << pe.find(f[i]);
      else if (f[0] == "resource") { re.add(f[1]); sub.push_back(us.find(f[2])); }
      else if (f[0] == "grant") at[f[3]].push_back({(uint16_t)pr.find(f[1]), role[f[2]], 0});
      else if (f[0] == "deny") at[f[3]].push_back({(uint16_t)pr.find(f[1]), 0, (uint16_t)(1u << pe.find(f[2]))});
    }
    approve = 1u << pe.find("approve");
    off.assign(1, 0);
    for (uint32_t r = 0; r < re.n; r++) {
      map<uint16_t, E> m;
      for (string n = *re.own[r];; n = par[n]) { for (auto& e : at[n]) { auto& x = m[e.who]; x.who = e.who; x.grant |= e.grant; x.deny |= e.deny; } if (!par.count(n)) break; }
      for (auto& kv : m) ent.push_back(kv.second);
      off.push_back(ent.size());
    }
    W = (pr.n + 63) / 64; bits.assign(us.n * W, 0);
    for (uint32_t u = 0; u < us.n; u++) {
      vector<string> st{*us.own[u]};
      while (!st.empty()) { string x = st.back(); st.pop_back(); uint32_t p = pr.find(x); uint64_t& b = bits[u * W + p / 64]; if (b >> (p & 63) & 1) continue; b |= 1ull << (p & 63); for (auto& g : mem[x]) st.push_back(g); }
    }
    if (mat) { table.resize((size_t)us.n * re.n); for (uint32_t u = 0; u < us.n; u++) for (uint32_t r = 0; r < re.n; r++) table[(size_t)u * re.n + r] = maskOf(u, r); }
  }
  uint16_t maskOf(uint32_t u, uint32_t r) const {
    uint16_t g = 0, d = sub[r] == u ? approve : 0; const uint64_t* b = &bits[u * W];
    for (uint32_t i = off[r]; i < off[r + 1]; i++) { const E& e = ent[i]; uint16_t m = -(b[e.who / 64] >> (e.who & 63) & 1); g |= e.grant & m; d |= e.deny & m; }
    return g & ~d;
  }
  bool go(uint32_t u, uint32_t p, uint32_t r) const { return (mat ? table[(size_t)u * re.n + r] : maskOf(u, r)) >> p & 1; }
  bool str(const Req& q) const { uint32_t u = us.find(q.s[0]), p = pe.find(q.s[1]), r = re.find(q.s[2]); return u != ~0u && p != ~0u && r != ~0u && go(u, p, r); }
  struct Id { uint16_t u, r; uint8_t p; };
  Id pre(const Req& q) const { return {(uint16_t)us.find(q.s[0]), (uint16_t)re.find(q.s[2]), (uint8_t)pe.find(q.s[1])}; }
  bool ids(const Id& q) const { return go(q.u, q.p, q.r); }
};

struct W4 {
  Intern ac, ty, tg; struct R { uint32_t tags; uint32_t level; }; vector<R> cell;
  void load(const vector<vector<string>>& F) {
    cell.assign(128 * 128, R{0, 99});
    for (auto& f : F) {
      R r{0, (uint32_t)stoi(f[3])};
      for (size_t i = 4; i < f.size(); i++) r.tags |= 1u << tg.add(f[i]);
      cell[ac.add(f[1]) * 128 + ty.add(f[2])] = r;
    }
  }
  bool str(const Req& r) const {
    uint32_t a = ac.find(r.s[0]), t = ty.find(r.s[1]), g = tg.find(r.s[2]);
    if (a == ~0u || t == ~0u || g == ~0u) return false;
    const R& x = cell[a * 128 + t]; return r.n >= x.level && (x.tags >> g & 1);
  }
  struct Id { uint8_t a, t, g, l; };
  Id pre(const Req& r) const { uint32_t g = tg.find(r.s[2]); return {(uint8_t)ac.find(r.s[0]), (uint8_t)ty.find(r.s[1]), (uint8_t)(g == ~0u ? 32 : g), (uint8_t)r.n}; }
  bool ids(const Id& r) const { const R& x = cell[r.a * 128 + r.t]; return (r.l >= x.level) & (uint64_t(x.tags) >> r.g & 1); }
};

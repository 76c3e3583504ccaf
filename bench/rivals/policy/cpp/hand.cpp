// The hand-written side as a program of its own.
// Usage: hand str|ids|mat WORKLOAD check|time|batch DATADIR [THREADS TOTAL]
#include "hand.h"

static long kb(const char* k) { ifstream in("/proc/self/status"); string l; while (getline(in, l)) if (!l.rfind(k, 0)) return atol(l.c_str() + strlen(k) + 1); return 0; }

template <class E> int run(E mk(), const string& variant, const string& w, const string& mode, const string& dir, int argc, char** argv) {
  auto F = tsv(dir + "/facts.tsv"); vector<Req> q; vector<char> exp;
  for (auto& v : tsv(dir + "/requests.tsv")) { Req r; for (size_t i = 0; i + 1 < v.size(); i++) r.s[i] = v[i]; r.n = stoll(v.back()); q.push_back(r); }
  { ifstream in(dir + "/expected.txt"); string l; while (getline(in, l)) exp.push_back(l == "1"); }
  vector<double> loads; E e = mk(); long rss0 = kb("VmRSS");
  for (int i = 0; i < 3; i++) { E x = mk(); auto t = Clock::now(); x.load(F); loads.push_back(secs(t) * 1e3); if (i == 2) e = x; }
  vector<typename E::Id> id; for (auto& r : q) id.push_back(e.pre(r));
  bool ids = variant != "str"; size_t n = q.size(); sort(loads.begin(), loads.end());
  string peer = "hand-" + variant;
  if (mode == "check") {
    size_t bad = 0; for (size_t i = 0; i < n; i++) bad += e.str(q[i]) != exp[i] || e.ids(id[i]) != exp[i];
    printf("{\"peer\":\"%s\",\"workload\":\"%s\",\"mode\":\"check\",\"checked\":%zu,\"mismatches\":%zu}\n", peer.c_str(), w.c_str(), n, bad);
    return 0;
  }
  if (mode == "time") {
    auto pass = [&](double s) {
      size_t k = 0, c = 0; auto t = Clock::now(); double el;
      do { if (ids) for (auto& x : id) c += e.ids(x); else for (auto& x : q) c += e.str(x); k += n; el = secs(t); } while (el < s);
      asm volatile("" ::"r"(c)); return el / k * 1e9;
    };
    pass(.1); vector<double> a; for (int i = 0; i < 5; i++) a.push_back(pass(.15)); sort(a.begin(), a.end());
    printf("{\"peer\":\"%s\",\"workload\":\"%s\",\"mode\":\"time\",\"pre_ns\":%.2f,\"pre_all\":[%.2f,%.2f,%.2f,%.2f,%.2f],\"load_ms\":%.3f,\"peak_kb\":%ld,\"rss0_kb\":%ld}\n", peer.c_str(), w.c_str(), a[2], a[0], a[1], a[2], a[3], a[4], loads[1], kb("VmHWM"), rss0);
    return 0;
  }
  int threads = atoi(argv[5]); size_t total = atoll(argv[6]); vector<double> rates;
  for (int rep = 0; rep < 4; rep++) {
    vector<thread> th; auto t = Clock::now();
    for (int k = 0; k < threads; k++) th.emplace_back([&, k] {
      size_t lo = total * k / threads, hi = total * (k + 1) / threads, c = 0, i = lo % n;
      for (size_t j = lo; j < hi; j++) { c += ids ? e.ids(id[i]) : e.str(q[i]); if (++i == n) i = 0; }
      asm volatile("" ::"r"(c));
    });
    for (auto& x : th) x.join();
    if (rep) rates.push_back(total / secs(t));
  }
  sort(rates.begin(), rates.end());
  printf("{\"peer\":\"%s\",\"workload\":\"%s\",\"mode\":\"batch\",\"threads\":%d,\"done\":%zu,\"dps\":%.0f,\"peak_kb\":%ld}\n", peer.c_str(), w.c_str(), threads, total, rates[1], kb("VmHWM"));
  return 0;
}
static bool gMat = false;
int main(int argc, char** argv) {
  string v = argv[1], w = argv[2], mode = argv[3], dir = string(argv[4]) + "/" + w; gMat = v == "mat";
  if (w == "W1") return run<W1>([] { return W1{}; }, v, w, mode, dir, argc, argv);
  if (w == "W2") return run<W2>([] { return W2{}; }, v, w, mode, dir, argc, argv);
  if (w == "W3") return run<W3>([] { W3 x; x.mat = gMat; return x; }, v, w, mode, dir, argc, argv);
  return run<W4>([] { return W4{}; }, v, w, mode, dir, argc, argv);
}

"""Times whole `lictor eval` processes; see run."""
import os, random, subprocess, sys, time

lictor, work, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
R = random.Random(7)

def bundle(path):
    out = ["module bench.start", "enum Level { low < middle < high }",
           "entity User { level: Level, team: string, score: int 0..100 }",
           "relation owner(kind: string, team: string)", "relation limit_of(kind: string, most: int 0..100) key(kind)",
           "request Act { user: User, action: string, kind: string, amount: int 0..1000, tag: string }",
           "decision act(r: Act) {", '  default deny "nothing allows {r.action}"']
    for i in range(500):
        out.append(f'  allow same{i}: "rule {i}" if r.action == "a{i % 50}", r.kind == "k{i}", r.amount <= {R.randrange(1000)}, '
                   f'r.tag in {{ "t{i % 7}", "t{i % 11}" }}.')
    forms = ["r.user.level >= {level}", "r.amount < {n}", "r.user.score > {m}", 'owner(r.kind, r.user.team)', 'r.tag != "t{m}"',
             "limit_of(r.kind, most), r.amount <= most", 'not owner(r.kind, "team{m}")', 'starts_with(r.tag, "t")', 'r.user.team == "team{m}"']
    for i in range(500):
        body = [f'r.action == "b{i}"'] + [f.format(level=R.choice(["low", "middle", "high"]), n=R.randrange(1000), m=R.randrange(100))
                                          for f in R.sample(forms, R.randrange(2, 6))]
        out.append(f'  {R.choice(["allow", "deny"])} other{i}: "rule {i} for {{r.user.team}}" if {", ".join(body)}.')
    out.append("}")
    open(path, "w").write("\n".join(out) + "\n")

bundle(f"{work}/bundle/start.lictor")
open(f"{work}/facts.json", "w").write('{"entities": {"User": {"u1": {"level": "high", "team": "team3", "score": 50}}}, '
                                      '"relations": {"owner": [["k1", "team3"]], "limit_of": [["k1", 70]]}}')
open(f"{work}/request.json", "w").write('{"user": "u1", "action": "a1", "kind": "k1", "amount": 1, "tag": "t1"}')
base = [lictor, "eval", "-b", f"{work}/bundle", "-d", "act", "-r", f"{work}/request.json", "--facts", f"{work}/facts.json", "--format", "json"]
env = dict(os.environ, LICTOR_CACHE_DIR=f"{work}/cache")
cold = dict(os.environ, LICTOR_CACHE_DIR="")

def once(args, environment):
    start = time.perf_counter()
    done = subprocess.run(args, env=environment, capture_output=True)
    took = (time.perf_counter() - start) * 1e3
    if done.returncode not in (0, 1):
        sys.exit(f"lictor eval failed: {done.stderr.decode()}")
    return took, done.returncode

sides = [("interpreted", base + ["--engine", "interp"], env), ("native, warm cache", base + ["--engine", "jit"], env),
         ("native, no cache", base + ["--engine", "jit"], cold), ("lictor --version", [lictor, "--version"], env)]
answers = {once(args, e)[1] for _, args, e in sides[:3]}
if len(answers) != 1:
    sys.exit("the engines differ")
times = {name: [] for name, _, _ in sides}
for _ in range(runs):
    for name, args, e in sides:
        times[name].append(once(args, e)[0])
print(f"From process start to exit, 1,000 clauses, {runs} runs, sides in turn.\n")
print("| side | ms, median | least - most |\n|---|---|---|")
for name, values in times.items():
    values.sort()
    print(f"| {name:20} | {values[len(values) // 2]:6.1f} | {values[0]:.1f} - {values[-1]:.1f} |")

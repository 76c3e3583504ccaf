#!/usr/bin/env bash
# Writes the pack's facts and requests anew: always the same ones, from a small random generator with a fixed seed.
# usage: policies/atom/generate.sh [FOLDER]   (default: the pack itself)
set -euo pipefail
folder="${1:-$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")}"

LC_ALL=C awk -v folder="$folder" '
function random(n) { seed = (seed * 16807) % 2147483647; return seed % n }
function pick(list, n,  parts) { n = split(list, parts, " "); return parts[1 + random(n)] }
function chance(percent) { return random(100) < percent }
function hex(digits,  text) { for (text = ""; digits > 0; --digits) text = text substr("0123456789abcdef", 1 + random(16), 1); return text }

# 12 % students, 38 % interns, 38 % supervised, 12 % autonomous: confidence goes with the tier.
function tier(  n) { n = random(100); return n < 12 ? "student" : n < 50 ? "intern" : n < 88 ? "supervised" : "autonomous" }
function confidence(t,  base) {
  base = t == "student" ? 5 : t == "intern" ? 35 : t == "supervised" ? 60 : 85
  return sprintf("%.2f", (base + random(15)) / 100)
}

# What real traffic asks for: much streaming, charts and markdown; forms seldom; now and then an action nobody governs.
function action(  n) {
  n = random(1000)
  if (n < 340) return "stream_chat"
  if (n < 520) return "llm_stream"
  if (n < 660) return "present_chart"
  if (n < 790) return "present_markdown"
  if (n < 850) return "present_status_panel"
  if (n < 920) return "present_form"
  if (n < 980) return "submit_form"
  return pick("present_video delete_workspace send_email export_ledger")
}

BEGIN {
  seed = 20260101
  teams = "finance sales support legal hr marketing research logistics procurement security"
  roles = "assistant analyst planner reviewer drafter scheduler auditor translator"

  agents = folder "/agents.csv"; workspaces = folder "/workspaces.csv"
  sessions = folder "/sessions.csv"; requests = folder "/requests.jsonl"

  print "id,maturity,confidence,workspace" > agents
  print "system,intern,0.50," > agents
  for (i = 1; i <= 240; ++i) {
    team = pick(teams); t = tier()
    agent[i] = sprintf("%s-%s-%03d", team, pick(roles), i)
    if (i % 80 == 0) t = ""
    printf "%s,%s,%s,ws-%s-%d\n", agent[i], t, confidence(t), team, 1 + random(4) > agents
  }

  print "id,default_agent" > workspaces
  n = split(teams, team_of, " ")
  for (i = 1; i <= n; ++i) for (k = 1; k <= 4; ++k) {
    workspace[++count] = "ws-" team_of[i] "-" k
    print workspace[count] "," (chance(80) ? agent[1 + random(240)] : "") > workspaces
  }

  print "id,agent" > sessions
  for (i = 1; i <= 400; ++i) {
    session[i] = "chat-" hex(8)
    print session[i] "," (chance(85) ? agent[1 + random(240)] : "") > sessions
  }

  for (i = 1; i <= 1200; ++i) {
    line = "{\"action\":\"" action() "\""
    if (chance(30)) line = line ",\"agent\":\"" (chance(6) ? "retired-" hex(4) : agent[1 + random(240)]) "\""
    if (chance(75)) line = line ",\"session\":\"" (chance(4) ? "chat-" hex(8) : session[1 + random(400)]) "\""
    if (chance(85)) line = line ",\"workspace\":\"" workspace[1 + random(count)] "\""
    print line "}" > requests
  }
}'

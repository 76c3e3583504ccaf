-- What a person does in Neovim: open a file, see a mistake come and go, ask for a definition, complete, rename, format,
-- quit. Any step that goes wrong ends the editor with exit code 1. Kept to what Neovim 0.7 knows.
local folder = os.getenv("FOLDER")

local function fail(what)
  io.stdout:write("FAILED: " .. what .. "\n")
  vim.cmd("cquit 1")
end

local function expect(ok, what)
  if not ok then
    fail(what)
  end
  io.stdout:write("ok: " .. what .. "\n")
end

local function wait_for(what, condition)
  expect(vim.wait(20000, condition, 20), what)
end

local function run()
  vim.o.virtualedit = "onemore" -- the cursor behind the last character, where one types
  vim.cmd("edit " .. folder .. "/rules.lictor")
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.start_client({ name = "lictor", cmd = { os.getenv("LICTOR"), "lsp" }, root_dir = folder })
  expect(client ~= nil and vim.lsp.buf_attach_client(buffer, client), "the client starts")
  wait_for("the server is ready", function()
    local started = vim.lsp.get_client_by_id(client)
    return started ~= nil and started.initialized
  end)

  local function text()
    return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
  end
  local function find(needle)
    for i, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
      local at = line:find(needle, 1, true)
      if at then
        return i, at - 1
      end
    end
    fail("no " .. needle)
  end
  -- Asks about the place behind `skip` characters of `needle`.
  local function ask(method, needle, skip, more)
    local line, column = find(needle)
    vim.api.nvim_win_set_cursor(0, { line, column + skip })
    local params = vim.lsp.util.make_position_params(0, vim.lsp.get_client_by_id(client).offset_encoding)
    local answers = vim.lsp.buf_request_sync(buffer, method, vim.tbl_extend("force", params, more or {}), 20000)
    local answer = answers and answers[client]
    expect(answer and not answer.err, method)
    return answer.result
  end

  -- A mistake comes with an edit and goes with another one.
  vim.api.nvim_buf_set_text(buffer, 7, 0, 7, 0, { "  allow typo: \"x\" if r.agnet.level == low.", "" })
  wait_for("a mistake is shown", function()
    return #vim.diagnostic.get(buffer) == 1
  end)
  local found = vim.diagnostic.get(buffer)[1]
  expect(found.lnum == 7 and found.message:find("agnet") and found.message:find("did you mean `agent`"), "as it is")
  vim.api.nvim_buf_set_lines(buffer, 7, 8, false, {})
  wait_for("and is gone", function()
    return #vim.diagnostic.get(buffer) == 0
  end)

  -- Behind an emoji, where bytes and UTF-16 units differ.
  local hover = ask("textDocument/hover", "😀 {r.agent.level}", #"😀 {r.agent." + 1)
  expect(hover and hover.contents.value:find("level: Level", 1, true), "hover shows the attribute")
  local definition = ask("textDocument/definition", ">=   high", 6)
  expect(definition and definition.uri:find("types.lictor", 1, true) and definition.range.start.line == 3, "definition")

  vim.api.nvim_buf_set_text(buffer, 7, 0, 7, 0, { "  deny two: \"y\" if r.agent.", "" })
  local completion = ask("textDocument/completion", "if r.agent.", #"if r.agent.")
  local labels = {}
  for _, item in ipairs(completion.items or completion) do
    table.insert(labels, item.label)
  end
  expect(vim.tbl_contains(labels, "level"), "completion offers the attribute")
  vim.api.nvim_buf_set_lines(buffer, 7, 8, false, {})

  local encoding = vim.lsp.get_client_by_id(client).offset_encoding
  vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", ">=   high", 6, { newName = "top" }), encoding)
  expect(text():find(">=   top", 1, true) ~= nil, "rename changes this file")
  local other = vim.fn.bufnr(folder .. "/types.lictor")
  expect(table.concat(vim.api.nvim_buf_get_lines(other, 0, -1, false), "\n"):find("low < top", 1, true) ~= nil,
    "and the other one")

  local options = { options = { tabSize = 2, insertSpaces = true } }
  vim.lsp.util.apply_text_edits(ask("textDocument/formatting", "module", 0, options), buffer, encoding)
  expect(text():find(">= top.", 1, true) ~= nil and not text():find("  if r.agent.level >=   ", 1, true), "formatting")

  vim.lsp.stop_client(client)
  wait_for("the server takes its leave", function()
    return vim.lsp.get_client_by_id(client) == nil
  end)
end

local ok, problem = xpcall(run, debug.traceback)
if not ok then
  fail(problem)
end
io.stdout:write("all done\n")
vim.cmd("qall!")

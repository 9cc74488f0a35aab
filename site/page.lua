-- What the pages of the book need beyond pandoc: links between pages, names above listings,
-- numbers beside equations, and room for what is wider than a phone.

local source

-- "03-mla.md#x" as written on the page `source` becomes an address of the site.
local function address(target)
  if target:match("^%a+:") or target:match("^#") then return target end
  local path, anchor = target:match("^([^#]*)(#?.*)$")
  if not path:match("%.md$") then return target end
  local folder = source:match("^(.*)/[^/]*$") or ""
  path = folder .. "/" .. path
  local parts = {}
  for part in path:gmatch("[^/]+") do
    if part == ".." then table.remove(parts) elseif part ~= "." then table.insert(parts, part) end
  end
  path = table.concat(parts, "/"):gsub("^book/", ""):gsub("%.md$", "")
  if path == "README" then path = "index" end
  return path:gsub("/", "-") .. ".html" .. anchor
end

local function is_comment(block)
  return block.t == "RawBlock" and block.text:match("^%s*<!%-%-")
end

-- `<!-- snippet: PATH NAME -->` and `<!-- recorded: COMMAND -->` name the listing that follows.
local function name_of(comment)
  local path = comment.text:match("<!%-%-%s*snippet:%s*(%S+)")
  if path then return path end
  return comment.text:match("<!%-%-%s*recorded:%s*(.-)%s*%-%->")
end

local function scroll(block)
  return pandoc.Div({ block }, pandoc.Attr("", { "scroll" }, { tabindex = "0" }))
end

local function blocks(list)
  local result, name = pandoc.List(), nil
  for _, block in ipairs(list) do
    if is_comment(block) then
      name = name_of(block) or name
    elseif block.t == "CodeBlock" and name then
      local label = pandoc.Div({ pandoc.Plain({ pandoc.Str(name) }) }, pandoc.Attr("", { "name" }))
      result:insert(pandoc.Div({ label, block }, pandoc.Attr("", { "listing" })))
      name = nil
    else
      result:insert(block.t == "Table" and scroll(block) or block)
      name = nil
    end
  end
  return result
end

-- Browsers size brackets by what they hold, and no converter knows all of TeX's sizes.
local function brackets(text)
  return (text:gsub("\\[bB]igg?l%f[^%a]", "\\left"):gsub("\\[bB]igg?r%f[^%a]", "\\right"):gsub("\\[bB]igg?%f[^%a]", ""))
end

-- `\tag{3.1}` is unknown to MathML; the number stands beside the equation and can be linked to.
local function math(element)
  element.text = brackets(element.text)
  local wide = #element.text > 60
  if element.mathtype == "InlineMath" then
    return wide and pandoc.Span({ element }, pandoc.Attr("", { "wide" })) or element
  end
  local text, number = element.text, element.text:match("\\tag{([^}]*)}")
  element.text = text:gsub("\\tag{[^}]*}", "")
  local inside = { pandoc.Span({ element }, pandoc.Attr("", { "formula" }, { tabindex = "0" })) }
  local identifier = ""
  if number then
    identifier = "eq-" .. number
    table.insert(inside, pandoc.Span({ pandoc.Str("(" .. number .. ")") }, pandoc.Attr("", { "number" })))
  end
  return pandoc.Span(inside, pandoc.Attr(identifier, { "equation" }))
end

return {
  { Meta = function(meta) source = pandoc.utils.stringify(meta.source) end },
  {
    Link = function(link)
      link.target = address(link.target)
      return link
    end,
    Image = function(image)
      image.attributes.loading = "lazy"
      return image
    end,
    RawInline = function(raw)
      if raw.text:match("^<!%-%-") then return {} end
    end,
    Math = math,
    Blocks = blocks,
  },
}

extension JSONPlace {
  /// Reads how the text is cut: some Split steps with known expressions, then ByteLevel.
  func readPreTokenizer() throws(TokenizerError) -> PreTokenizer {
    let section = try required("pre_tokenizer")
    var steps = [section]
    if try section.required("type").string() == "Sequence" {
      steps = try section.required("pretokenizers").elements()
    }
    var rules: [SplitRule] = []
    for step in steps.dropLast() { rules.append(try step.readSplit()) }
    guard let last = steps.last, try last.required("type").string() == "ByteLevel" else {
      throw section.error("the last step must be ByteLevel")
    }
    let addsPrefixSpace = try last.member("add_prefix_space")?.boolean() ?? true
    if addsPrefixSpace, !rules.isEmpty {
      throw last.error("\"add_prefix_space\" must be false after a Split")
    }
    if try last.member("use_regex")?.boolean() ?? true { rules.append(.gpt2Words) }
    return PreTokenizer(rules: rules, addsPrefixSpace: addsPrefixSpace)
  }

  private func readSplit() throws(TokenizerError) -> SplitRule {
    guard try required("type").string() == "Split" else {
      throw error("every step but the last must be a Split")
    }
    guard try required("behavior").string() == "Isolated",
      try member("invert")?.boolean() != true
    else { throw error("a Split must be Isolated and not inverted") }
    let pattern = try required("pattern").required("Regex")
    let expression = try pattern.string()
    guard let rule = SplitRule(pattern: expression) else {
      throw pattern.error("the regular expression \(expression) is not one of those known here")
    }
    return rule
  }

  /// Reads which tokens frame a text.
  ///
  /// Of templates, the begin and end token are understood.
  func readPostProcessor() throws(TokenizerError) -> TokenizerSettings {
    var settings = TokenizerSettings()
    guard let section = try member("post_processor") else { return settings }
    var steps = [section]
    if try section.required("type").string() == "Sequence" {
      steps = try section.required("processors").elements()
    }
    for step in steps {
      switch try step.required("type").string() {
      case "ByteLevel": break  // concerns the places of tokens in the text, not the tokens
      case "TemplateProcessing": try step.readTemplate(into: &settings)
      default: throw step.error("the post-processor must be ByteLevel or TemplateProcessing")
      }
    }
    return settings
  }

  private func readTemplate(into settings: inout TokenizerSettings) throws(TokenizerError) {
    let template = try required("single")
    var isBeforeText = true
    for item in try template.elements() {
      if try item.member("Sequence") != nil {
        guard isBeforeText else {
          throw template.error("the text stands in the template twice")
        }
        isBeforeText = false
        continue
      }
      let token = try item.required("SpecialToken").required("id").string()
      guard !(isBeforeText ? settings.addsBegin : settings.addsEnd) else {
        throw template.error("at most one token may stand before the text and one after it")
      }
      if isBeforeText {
        (settings.beginToken, settings.addsBegin) = (token, true)
      } else {
        (settings.endToken, settings.addsEnd) = (token, true)
      }
    }
  }
}

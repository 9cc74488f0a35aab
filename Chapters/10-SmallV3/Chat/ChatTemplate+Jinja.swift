import Foundation
import Text

/// The template as other programs read it, in the language Jinja.
extension ChatTemplate {
  /// What `tokenizer_config.json` holds under `chat_template`.
  ///
  /// `transformers`, vLLM and SGLang render it to the very ids that we make. They find special
  /// tokens in the whole text, though: what a user types is theirs to clean.
  public var jinja: String {
    self == .coderV2 ? Self.spelledRoles : Self.tokenRoles(self)
  }

  private static let spelledRoles = """
    {{ bos_token }}\
    {%- for message in messages -%}\
    {%- if message['role'] == 'system' -%}{{ message['content'] + '\\n\\n' }}\
    {%- elif message['role'] == 'user' -%}{{ 'User: ' + message['content'] + '\\n\\n' }}\
    {%- elif message['role'] == 'assistant' -%}\
    {{ 'Assistant: ' + message['content'] + eos_token }}\
    {%- endif -%}{%- endfor -%}\
    {%- if add_generation_prompt -%}{{ 'Assistant:' }}{%- endif -%}
    """

  private static func tokenRoles(_ template: ChatTemplate) -> String {
    let thinks = template == .deepSeekR1
    let content = thinks ? "message['content'].split('</think>')[-1]" : "message['content']"
    let opening = ChatTokens.assistant + (thinks ? ChatTokens.think + "\\n" : "")
    return """
      {%- set ns = namespace(system=[]) -%}\
      {%- for message in messages if message['role'] == 'system' -%}\
      {%- set ns.system = ns.system + [message['content']] -%}\
      {%- endfor -%}\
      {{ bos_token + ns.system | join('\\n\\n') }}\
      {%- for message in messages -%}\
      {%- if message['role'] == 'user' -%}\
      {{ '\(ChatTokens.user)' + message['content'] }}\
      {%- elif message['role'] == 'assistant' -%}\
      {{ '\(ChatTokens.assistant)' + \(content) + eos_token }}\
      {%- endif -%}{%- endfor -%}\
      {%- if add_generation_prompt -%}{{ '\(opening)' }}{%- endif -%}
      """
  }

  /// Recognises the template of a tokenizer by what it writes before an answer.
  ///
  /// Nothing here runs Jinja. The templates that DeepSeek published for V2, V3 and R1 and our own
  /// all end with that output as one literal; any other template is not recognised.
  public init?(jinja: String) {
    let ending = jinja.suffix(160).filter { !$0.isWhitespace }
    let known = Self.allCases.first { template in
      let text = template.opening.map { piece in
        switch piece {
        case .token(let text): text
        case .text(let letters): letters.replacingOccurrences(of: "\n", with: "\\n")
        }
      }.joined()
      return ending.contains("{{'\(text)'}}")
    }
    guard let known else { return nil }
    self = known
  }
}

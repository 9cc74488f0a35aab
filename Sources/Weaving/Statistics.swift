extension Book {
  /// The length of each chapter in words, without code and tables.
  public func wordCounts() -> [(page: String, words: Int)] {
    chapters.map { page in
      let text = page.prose.filter { !$0.hasPrefix("|") && !$0.hasPrefix("<!--") }
      return (page.path, text.reduce(0) { $0 + $1.split(separator: " ").count })
    }
  }
}

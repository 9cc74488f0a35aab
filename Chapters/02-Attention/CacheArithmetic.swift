import Checkpoints

extension DecoderConfiguration {
  // snippet.cache-bytes
  /// What the key-value cache takes for one token, in bytes.
  ///
  /// 2 · keyValueHeads · headWidth · layers numbers of two bytes: a key and a value per head.
  public func cacheBytesPerToken(bytesPerNumber: Int = 2) -> Int {
    2 * keyValueHeads * headWidth * layers * bytesPerNumber
  }
  // snippet.end
}

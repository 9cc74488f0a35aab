import Checkpoints

extension DecoderConfiguration {
  // snippet.cache-bytes
  /// What the key-value cache takes for one token, in bytes.
  ///
  /// 2 · keyValueHeads · headWidth · layers numbers of two bytes: a key and a value per head. The
  /// latent attention of chapter 3 keeps fewer.
  public func cacheBytesPerToken(bytesPerNumber: Int = 2) -> Int {
    guard latentAttention == nil else { return cacheWidth * layers * bytesPerNumber }
    return 2 * keyValueHeads * headWidth * layers * bytesPerNumber
  }
  // snippet.end
}

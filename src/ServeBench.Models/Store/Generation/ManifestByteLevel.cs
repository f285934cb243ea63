namespace ServeBench.Models.Store;

/// <param name="Kind"><c>byte-level-bpe</c>: GPT-2's.</param>
/// <param name="VocabularyFile">vocab.json: every token with its id.</param>
/// <param name="MergesFile">merges.txt: the pairs, the first to be merged first.</param>
/// <param name="Begin">The token before every prompt; null where there is none.</param>
/// <param name="End">The token that ends a text.</param>
/// <param name="Origin">Whose vocabulary it is, in a few words for reports.</param>
public sealed record ManifestByteLevel(string Kind, string VocabularyFile, string MergesFile, int? Begin, int End, string Origin);

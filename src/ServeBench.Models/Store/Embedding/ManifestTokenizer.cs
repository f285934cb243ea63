namespace ServeBench.Models.Store;

/// <param name="Kind"><c>wordpiece</c>: BERT's uncased tokenizer.</param>
/// <param name="VocabularyFile">One token a line.</param>
/// <param name="MaximumTokens">Longer inputs are cut to this, special tokens included.</param>
public sealed record ManifestTokenizer(string Kind, string VocabularyFile, int MaximumTokens);

using ServeBench.Domain.Models;
using ServeBench.Models.Tokenizers;
using ServeBench.Work.Texts;

namespace ServeBench.Work.Embedding;

/// <summary>
/// tokenizer.json of BERT's uncased WordPiece, in the form of the <c>tokenizers</c> library, written from vocab.txt.
/// </summary>
public sealed class WordPieceFile : IDerivedFile
{
    private const string VocabularyName = "vocab.txt";

    private const string Normalizer =
        """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}""";

    public string Id => "tokenizer.json of WordPiece";

    public string Name => TokenizerFile.FileName;

    public byte[]? Of(ModelArtifact model)
    {
        var path = Path.Combine(model.Folder, VocabularyName);
        return File.Exists(path) ? Write(Vocabulary.Load(path)) : null;
    }

    private static byte[] Write(Vocabulary vocabulary) => TokenizerFile.Write(
        Vocabulary.SpecialTokens.Select(t => (vocabulary.Find(t), t)),
        isNormalized: false,
        json =>
        {
            json.WriteRaw("normalizer", Normalizer);
            json.WriteRaw("pre_tokenizer", """{"type":"BertPreTokenizer"}""");
            json.WriteRaw("post_processor", PostProcessor(vocabulary.Begin, vocabulary.End));
            json.WriteRaw("decoder", """{"type":"WordPiece","prefix":"##","cleanup":true}""");
            json.WriteStartObject("model");
            json.WriteString("type", "WordPiece");
            json.WriteString("unk_token", "[UNK]");
            json.WriteString("continuing_subword_prefix", "##");
            json.WriteNumber("max_input_chars_per_word", 100);
            json.WriteStartObject("vocab");
            for (var id = 0; id < vocabulary.Tokens.Count; id++) json.WriteNumber(vocabulary.Tokens[id], id);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    /// <summary>A text is put between the two special tokens; a pair has the second text behind another end.</summary>
    private static string PostProcessor(int begin, int end) => $$"""
        {"type":"TemplateProcessing",
        "single":[{"SpecialToken":{"id":"[CLS]","type_id":0} },
                  {"Sequence":{"id":"A","type_id":0} },
                  {"SpecialToken":{"id":"[SEP]","type_id":0} }],
        "pair":[{"SpecialToken":{"id":"[CLS]","type_id":0} },
                {"Sequence":{"id":"A","type_id":0} },
                {"SpecialToken":{"id":"[SEP]","type_id":0} },
                {"Sequence":{"id":"B","type_id":1} },
                {"SpecialToken":{"id":"[SEP]","type_id":1} }],
        "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[{{begin}}],"tokens":["[CLS]"]},
                          "[SEP]":{"id":"[SEP]","ids":[{{end}}],"tokens":["[SEP]"]} } }
        """;
}

using System.Text.Encodings.Web;
using System.Text.Json;
using ServeBench.Domain.Models;
using ServeBench.Models.Tokenizers;

namespace ServeBench.Work.Embedding;

/// <summary>
/// tokenizer.json of BERT's uncased WordPiece, in the form of the <c>tokenizers</c> library, written from vocab.txt. It neither cuts nor
/// pads: servers that read the published file are known to pad every text to the length that stands in it.
/// </summary>
public sealed class WordPieceFile : IDerivedFile
{
    private const string VocabularyName = "vocab.txt";

    private const string Normalizer =
        """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}""";

    private static readonly string[] Flags = ["single_word", "lstrip", "rstrip", "normalized"];

    public string Id => "tokenizer.json of WordPiece";

    public string Name => "tokenizer.json";

    public byte[]? Of(ModelArtifact model)
    {
        var path = Path.Combine(model.Folder, VocabularyName);
        return File.Exists(path) ? Write(Vocabulary.Load(path)) : null;
    }

    private static byte[] Write(Vocabulary vocabulary)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            json.WriteStartArray("added_tokens");
            foreach (var token in Vocabulary.SpecialTokens) WriteSpecial(json, token, vocabulary.Find(token));
            json.WriteEndArray();
            json.WritePropertyName("normalizer");
            json.WriteRawValue(Normalizer);
            json.WritePropertyName("pre_tokenizer");
            json.WriteRawValue("""{"type":"BertPreTokenizer"}""");
            json.WritePropertyName("post_processor");
            json.WriteRawValue(PostProcessor(vocabulary.Begin, vocabulary.End));
            json.WritePropertyName("decoder");
            json.WriteRawValue("""{"type":"WordPiece","prefix":"##","cleanup":true}""");
            json.WriteStartObject("model");
            json.WriteString("type", "WordPiece");
            json.WriteString("unk_token", "[UNK]");
            json.WriteString("continuing_subword_prefix", "##");
            json.WriteNumber("max_input_chars_per_word", 100);
            json.WriteStartObject("vocab");
            for (var id = 0; id < vocabulary.Tokens.Count; id++) json.WriteNumber(vocabulary.Tokens[id], id);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void WriteSpecial(Utf8JsonWriter json, string token, int id)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteString("content", token);
        foreach (var flag in Flags) json.WriteBoolean(flag, false);
        json.WriteBoolean("special", true);
        json.WriteEndObject();
    }

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

using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Models.Store;
using ServeBench.Work.Texts;

namespace ServeBench.Work.Generation;

/// <summary>
/// tokenizer.json of a byte-level BPE, in the form of the <c>tokenizers</c> library, written from vocab.json and merges.txt.
/// </summary>
public sealed class ByteLevelFile : IDerivedFile
{
    public string Id => "tokenizer.json of byte-level BPE";

    public string Name => TokenizerFile.FileName;

    public byte[]? Of(ModelArtifact model)
    {
        if (!GenerationManifest.IsOf(ModelManifest.Read(model.Folder))) return null;
        var tokenizer = GenerationManifest.Read(model.Folder).Tokenizer;
        using var vocabulary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(model.Folder, tokenizer.VocabularyFile)));
        string NameOf(int id) => vocabulary.RootElement.EnumerateObject().FirstOrDefault(t => t.Value.GetInt32() == id).Name
            ?? throw new RunFailedException(
                $"{tokenizer.VocabularyFile} of {model.Model} has no token {id}, which begins or ends its texts",
                "Serve this model with a stack that reads another file of it");
        var special = new[] { tokenizer.End, tokenizer.Begin ?? tokenizer.End }.Distinct().ToDictionary(id => id, NameOf);
        return TokenizerFile.Write(
            special.Select(t => (t.Key, t.Value)),
            isNormalized: true,
            json =>
            {
                json.WriteNull("normalizer");
                json.WriteRaw("pre_tokenizer", Bytes(addsSpace: false, trims: true));
                json.WriteRaw(
                    "post_processor",
                    tokenizer.Begin is { } begin
                        ? Beginning(JsonSerializer.Serialize(special[begin]), begin)
                        : Bytes(addsSpace: true, trims: false));
                json.WriteRaw("decoder", Bytes(addsSpace: true, trims: true));
                WriteModel(json, vocabulary.RootElement, File.ReadLines(Path.Combine(model.Folder, tokenizer.MergesFile)));
            });
    }

    private static string Bytes(bool addsSpace, bool trims) => JsonSerializer.Serialize(
        new { type = "ByteLevel", add_prefix_space = addsSpace, trim_offsets = trims, use_regex = true });

    private static void WriteModel(Utf8JsonWriter json, JsonElement vocabulary, IEnumerable<string> merges)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteString("continuing_subword_prefix", "");
        json.WriteString("end_of_word_suffix", "");
        json.WriteBoolean("fuse_unk", false);
        json.WritePropertyName("vocab");
        vocabulary.WriteTo(json);
        json.WriteStartArray("merges");
        foreach (var merge in merges.Where(m => m.Length > 0 && !m.StartsWith("#version", StringComparison.Ordinal)))
            json.WriteStringValue(merge);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A token before every text.</summary>
    private static string Beginning(string token, int id) => $$"""
        {"type":"TemplateProcessing",
        "single":[{"SpecialToken":{"id":{{token}},"type_id":0} },{"Sequence":{"id":"A","type_id":0} }],
        "pair":[{"SpecialToken":{"id":{{token}},"type_id":0} },
                {"Sequence":{"id":"A","type_id":0} },
                {"SpecialToken":{"id":{{token}},"type_id":0} },
                {"Sequence":{"id":"B","type_id":1} }],
        "special_tokens":{ {{token}}:{"id":{{token}},"ids":[{{id}}],"tokens":[{{token}}]} } }
        """;
}

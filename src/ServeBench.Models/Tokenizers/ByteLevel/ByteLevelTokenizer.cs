using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace ServeBench.Models.Tokenizers.ByteLevel;

/// <summary>
/// GPT-2's byte-level BPE (Radford et al. 2019): merges by Microsoft.ML.Tokenizers within the pieces of <see cref="BytePieces"/>. Every
/// text has tokens, and their bytes are the text's; texts that look like a special token are ordinary text here. Safe to use from several
/// threads.
/// </summary>
public sealed class ByteLevelTokenizer
{
    private readonly TiktokenTokenizer _merges;
    private readonly int[] _ids;
    private readonly Dictionary<int, byte[]> _bytes;

    internal ByteLevelTokenizer(ByteLevelVocabulary vocabulary)
    {
        _ids = [.. vocabulary.Ids];
        _bytes = new Dictionary<int, byte[]>(_ids.Length);
        var ranks = new StringBuilder();
        for (var rank = 0; rank < _ids.Length; rank++)
        {
            ranks.Append(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(vocabulary.Tokens[rank])} {rank}\n");
            _bytes[_ids[rank]] = vocabulary.Tokens[rank];
            LongestToken = Math.Max(LongestToken, vocabulary.Tokens[rank].Length);
        }
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(ranks.ToString()));
        _merges = TiktokenTokenizer.Create(stream, new BytePieces(), normalizer: null);
    }

    /// <summary>Reads the vocabulary of a prepared model's folder.</summary>
    /// <exception cref="Domain.Faults.RunFailedException">when it cannot be used.</exception>
    public static ByteLevelTokenizer Load(string folder) =>
        new(ByteLevelVocabulary.Read(Path.Combine(folder, VocabularyFiles.Tokens), Path.Combine(folder, VocabularyFiles.Merges)));

    /// <summary>Bytes of the longest token: a text of n times as many characters has more than n tokens.</summary>
    public int LongestToken { get; }

    /// <summary>The token ids of a text; halves of surrogate pairs count as U+FFFD.</summary>
    public int[] Encode(string text)
    {
        var ranks = _merges.EncodeToIds(Whole(text));
        var ids = new int[ranks.Count];
        for (var i = 0; i < ids.Length; i++) ids[i] = _ids[ranks[i]];
        return ids;
    }

    /// <summary>The text of some tokens; bytes that are no UTF-8 become U+FFFD, tokens that have no bytes nothing.</summary>
    public string Decode(IReadOnlyList<int> ids)
    {
        var stream = new TokenText(this);
        var text = new StringBuilder();
        foreach (var id in ids) text.Append(stream.Add(id));
        return text.Append(stream.Finish()).ToString();
    }

    /// <summary>The bytes of a token; none where it is special or unknown.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => _bytes.TryGetValue(id, out var bytes) ? bytes : [];

    private static string Whole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            i++;
        }
        return text;
    }
}

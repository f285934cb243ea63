using System.Text;

namespace ServeBench.Models.Tokenizers.ByteLevel;

/// <summary>
/// Turns a stream of tokens into text as they come: the bytes of a character that is not complete wait for the next token. What all calls
/// give together is what <see cref="ByteLevelTokenizer.Decode"/> gives of all tokens.
/// </summary>
/// <param name="tokenizer">What the tokens are of.</param>
public sealed class TokenText(ByteLevelTokenizer tokenizer)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <returns>The text that is complete with this token; may be empty.</returns>
    public string Add(int id) => Next(tokenizer.BytesOf(id), flush: false);

    /// <returns>U+FFFD where a character was never completed, else nothing.</returns>
    public string Finish() => Next([], flush: true);

    private string Next(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> characters = stackalloc char[512];
        var room = Encoding.UTF8.GetMaxCharCount(bytes.Length + 4);
        if (room > characters.Length) characters = new char[room];
        return characters[.._decoder.GetChars(bytes, characters, flush)].ToString();
    }
}

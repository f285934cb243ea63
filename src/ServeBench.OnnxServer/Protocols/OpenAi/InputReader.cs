using System.Buffers;
using System.Text.Json;
using ServeBench.OnnxServer.Batching;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Inference;

namespace ServeBench.OnnxServer.Protocols.OpenAi;

/// <summary>
/// Reads the member <c>input</c>: a string, an array of strings, an array of token ids, or an array of such arrays. Token ids are
/// the model's own and are taken as they are: whoever sends them has put the special tokens in.
/// </summary>
internal readonly struct InputReader(ServedModel model, ServerOptions options, InferenceRequest into)
{
    private const string Parameter = "input";

    /// <returns>What is wrong; null when all is well.</returns>
    public OpenAiError? Read(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return ReadText(ref json);
            case JsonTokenType.StartArray:
                break;
            default:
                return WrongType();
        }
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.EndArray => OpenAiError.Invalid("input must not be empty", Parameter),
            JsonTokenType.Number => ReadTokens(ref json),
            JsonTokenType.String or JsonTokenType.StartArray => ReadItems(ref json),
            _ => WrongType(),
        };
    }

    private OpenAiError? ReadItems(ref Utf8JsonReader json)
    {
        var kind = json.TokenType;
        for (; json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            if (json.TokenType != kind) return WrongType();
            if (into.Count == options.MaxItems)
                return OpenAiError.Invalid($"input has more than {options.MaxItems} items, the limit of this server (--max-items)", Parameter);
            OpenAiError? error;
            if (kind == JsonTokenType.String)
            {
                error = ReadText(ref json);
            }
            else
            {
                json.Read();
                error = ReadTokens(ref json);
            }
            if (error is not null) return error;
        }
        return null;
    }

    private OpenAiError? ReadText(ref Utf8JsonReader json)
    {
        // A text never has more characters than it has bytes.
        var characters = ArrayPool<char>.Shared.Rent(json.ValueSpan.Length);
        try
        {
            var length = json.CopyString(characters);
            if (length == 0) return OpenAiError.Invalid("input must not hold an empty text", Parameter);
            var ids = into.Room(model.MaximumTokens + 1);
            var tokens = model.Tokenizer.Encode(characters.AsSpan(0, length), ids);
            // One token too many: where the text is cut, the closing token stands one place earlier.
            if (tokens == ids.Length) ids[^2] = ids[^1];
            return Add(tokens);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    /// <summary>Reads the numbers of an array, from its first on.</summary>
    private OpenAiError? ReadTokens(ref Utf8JsonReader json)
    {
        var ids = into.Room(model.MaximumTokens + 1);
        var known = model.Tokenizer.Vocabulary.Tokens.Count;
        var count = 0;
        for (; json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            if (json.TokenType != JsonTokenType.Number) return WrongType();
            if (!json.TryGetInt32(out var id) || id < 0 || id >= known)
                return OpenAiError.Invalid($"input holds a token that is not a whole number from 0 to {known - 1}", Parameter);
            if (count < ids.Length) ids[count++] = id;
        }
        return count == 0 ? OpenAiError.Invalid("input must not hold an empty list of tokens", Parameter) : Add(count);
    }

    private OpenAiError? Add(int tokens)
    {
        var most = model.MaximumTokens;
        if (tokens > most)
        {
            if (!options.Truncate)
            {
                return OpenAiError.Invalid(
                    $"input item {into.Count} has more than {most} tokens, the most that the model '{model.Name}' takes; shorten it, or start the server with --long-inputs=truncate", Parameter);
            }
            tokens = most;
        }
        into.AddText(tokens);
        return null;
    }

    private static OpenAiError WrongType() =>
        OpenAiError.Invalid("input must be a string, an array of strings, an array of token ids, or an array of arrays of token ids", Parameter);
}

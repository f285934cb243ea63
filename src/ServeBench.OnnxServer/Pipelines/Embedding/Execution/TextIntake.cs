using System.Buffers;
using System.Text.Json;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Execution;

/// <summary>Turns the texts of a request into tokens of a model, and holds them to the limits. Makes no garbage.</summary>
/// <param name="model">The model.</param>
/// <param name="into">Receives the tokens.</param>
/// <param name="maximumItems">The most texts in a request.</param>
/// <param name="truncation">What happens to texts that are too long.</param>
/// <param name="parameter">What the protocol calls the texts, for errors.</param>
internal readonly struct TextIntake(EmbeddingModel model, EmbeddingRequest into, int maximumItems, Truncation truncation, string parameter)
{
    /// <summary>Adds the text that a JSON reader is at.</summary>
    /// <returns>What is wrong; null when all is well.</returns>
    public ApiError? AddText(ref Utf8JsonReader json)
    {
        // A text never has more characters than it has bytes.
        var characters = ArrayPool<char>.Shared.Rent(json.ValueSpan.Length);
        try
        {
            return AddText(characters.AsSpan(0, json.CopyString(characters)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    /// <inheritdoc cref="AddText(ref Utf8JsonReader)"/>
    public ApiError? AddText(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return new ApiError(ErrorKind.Empty, $"{parameter} must not hold an empty text", parameter);
        if (into.Count == maximumItems) return ApiError.TooMany(maximumItems, parameter);
        var most = model.MaximumTokens;
        // One token more than fits, so that a text that just fits can be distinguished from one that does not.
        var ids = into.Room(most + 1);
        var tokens = model.Tokenizer.Encode(text, ids);
        if (tokens > most)
        {
            if (truncation == Truncation.None) return TooLong();
            if (truncation == Truncation.Left) KeepEnd(text, most);
            else ids[most - 1] = ids[most];
            tokens = most;
        }
        into.AddText(tokens);
        return null;
    }

    /// <summary>
    /// Adds the token ids that a JSON reader is at, the first number or the end of their array, and leaves it at the end.
    /// They are the model's own and are taken as they are: whoever sends them has put the special tokens in.
    /// </summary>
    /// <returns>What is wrong; null when all is well.</returns>
    public ApiError? AddTokens(ref Utf8JsonReader json)
    {
        if (into.Count == maximumItems) return ApiError.TooMany(maximumItems, parameter);
        var most = model.MaximumTokens;
        var ids = into.Room(most);
        var count = 0;
        for (; json.TokenType != JsonTokenType.EndArray; json.Read(), count++)
        {
            if (json.TokenType != JsonTokenType.Number)
                return ApiError.Invalid($"{parameter} must hold texts or lists of token ids", parameter);
            if (!json.TryGetInt32(out var id) || !IsKnown(id)) return UnknownToken();
            if (count >= most && truncation == Truncation.None) return TooLong();
            if (count < most) ids[count] = id;
            else if (truncation == Truncation.Left) ShiftIn(ids, id);
        }
        return AddTokens(count);
    }

    /// <summary>Adds token ids that are in memory.</summary>
    /// <returns>What is wrong; null when all is well.</returns>
    public ApiError? AddTokens(ReadOnlySpan<long> tokens)
    {
        if (into.Count == maximumItems) return ApiError.TooMany(maximumItems, parameter);
        if (tokens.Length > model.MaximumTokens) return TooLong();
        foreach (var id in tokens)
        {
            if (!IsKnown(id)) return UnknownToken();
        }
        tokens.CopyTo(into.Room(tokens.Length));
        return AddTokens(tokens.Length);
    }

    private ApiError? AddTokens(int count)
    {
        if (count == 0) return new ApiError(ErrorKind.Empty, $"{parameter} must not hold an empty list of tokens", parameter);
        into.AddText(Math.Min(count, model.MaximumTokens));
        return null;
    }

    private bool IsKnown(long id) => id >= 0 && id < model.Tokenizer.Vocabulary.Tokens.Count;

    private ApiError UnknownToken() => new(
        ErrorKind.Unreadable,
        $"{parameter} holds a token that is not a whole number from 0 to {model.Tokenizer.Vocabulary.Tokens.Count - 1}",
        parameter);

    private ApiError TooLong() => ApiError.TooLong(into.Count, model.MaximumTokens, model.Name, parameter);

    /// <summary>Encodes all of a text that is too long, and moves its last tokens behind the opening one.</summary>
    private void KeepEnd(ReadOnlySpan<char> text, int most)
    {
        var count = model.Tokenizer.CountTokens(text);
        var ids = into.Room(count);
        model.Tokenizer.Encode(text, ids);
        ids[(count - most + 1)..].CopyTo(ids[1..]);
    }

    private static void ShiftIn(Span<long> ids, long last)
    {
        ids[1..].CopyTo(ids);
        ids[^1] = last;
    }
}

using System.Text.Json;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>Turns the prompts of a request into tokens of a model, and holds them to the limits.</summary>
/// <param name="model">The model.</param>
/// <param name="into">Receives them.</param>
/// <param name="settings">How they are continued.</param>
/// <param name="truncates">True when prompts that are too long lose their beginning, false when they are refused.</param>
/// <param name="parameter">What the protocol calls them, for errors.</param>
internal readonly struct PromptIntake(
    GenerationModel model, GenerationRequest into, GenerationSettings settings, bool truncates, string parameter)
{
    /// <summary>At least one token must follow.</summary>
    private int Most => model.Capacity - 1;

    /// <summary>A text, a list of texts, a list of token ids, or a list of such lists.</summary>
    /// <param name="value">Null where none is given.</param>
    /// <param name="maximumItems">The most prompts.</param>
    /// <returns>What is wrong; null when all is well.</returns>
    public ApiError? Add(JsonElement? value, int maximumItems)
    {
        if (value is not { } prompt) return ApiError.Invalid($"You must provide a {parameter} parameter", parameter);
        if (prompt.ValueKind == JsonValueKind.String) return AddText(prompt.GetString()!);
        if (prompt.ValueKind != JsonValueKind.Array) return Wrong();
        if (prompt.GetArrayLength() == 0) return new ApiError(ErrorKind.Empty, $"{parameter} must not be empty", parameter);
        if (prompt[0].ValueKind == JsonValueKind.Number) return AddTokens(prompt);
        if (prompt.GetArrayLength() > maximumItems) return ApiError.TooMany(maximumItems, parameter);
        foreach (var item in prompt.EnumerateArray())
        {
            var error = item.ValueKind switch
            {
                JsonValueKind.String => AddText(item.GetString()!),
                JsonValueKind.Array => AddTokens(item),
                _ => Wrong(),
            };
            if (error is not null) return error;
        }
        return null;
    }

    /// <summary>Adds a text, with the token before it that the model begins every prompt with.</summary>
    public ApiError? AddText(string text)
    {
        if (text.Length == 0) return new ApiError(ErrorKind.Empty, $"{parameter} must not hold an empty text", parameter);
        // Cutting a text into tokens may take the square of its length: what cannot fit, however it is cut, is not cut.
        var most = Most * model.Tokenizer.LongestToken;
        if (text.Length > most)
        {
            if (!truncates)
                return new ApiError(
                    ErrorKind.TooLong,
                    $"{parameter} has {text.Length} characters, which are more than the {Most} tokens that the model '{model.Name}' takes; "
                        + "shorten it, or start the server with --long-inputs=truncate",
                    parameter);
            text = text[^most..];
        }
        var tokens = model.Tokenizer.Encode(text);
        return AddTokens(model.Own.Tokenizer.Begin is { } begin ? [begin, .. tokens] : tokens);
    }

    private ApiError? AddTokens(JsonElement list)
    {
        if (list.GetArrayLength() == 0) return new ApiError(ErrorKind.Empty, $"{parameter} must not hold an empty list", parameter);
        if (TooLong(list.GetArrayLength()) is { } error) return error;
        var tokens = new int[list.GetArrayLength()];
        var count = 0;
        // Not by index: to find an element of a list with a list in it takes as long as the list is.
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number) return Wrong();
            if (!item.TryGetInt32(out var token) || token < 0 || token >= model.Own.Vocabulary)
                return new ApiError(
                    ErrorKind.Unreadable,
                    $"{parameter} holds a token that is not a whole number from 0 to {model.Own.Vocabulary - 1}",
                    parameter);
            tokens[count++] = token;
        }
        return AddTokens(tokens);
    }

    private ApiError? AddTokens(int[] tokens)
    {
        if (TooLong(tokens.Length) is { } error) return error;
        model.Add(into, tokens.Length > Most ? tokens[^Most..] : tokens, settings);
        return null;
    }

    private ApiError? TooLong(int tokens) => tokens <= Most || truncates
        ? null
        : new ApiError(
            ErrorKind.TooLong,
            $"{parameter} has {tokens} tokens, and the model '{model.Name}' takes {Most}, so that one of its "
                + $"{model.Capacity} is left to generate; shorten it, or start the server with --long-inputs=truncate",
            parameter);

    private ApiError Wrong() => ApiError.Invalid(
        $"{parameter} must be a string, an array of strings, an array of token ids, or an array of arrays of token ids", parameter);
}

using System.Text.Json;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Tei;

/// <summary>
/// Reads the body of POST /embed and turns its texts into tokens. What this server cannot do as asked is refused, not ignored.
/// </summary>
internal sealed class TeiRequestReader(EmbeddingModel model, ServerOptions options)
{
    private const string Inputs = "inputs";

    /// <param name="body">The body.</param>
    /// <param name="into">Receives the tokens.</param>
    /// <param name="error">What is wrong with the request; null when it can be answered.</param>
    public TeiAnswer Read(ReadOnlySpan<byte> body, EmbeddingRequest into, out ApiError? error)
    {
        try
        {
            error = Read(new Utf8JsonReader(body), into);
        }
        catch (Exception e) when (JsonFaults.Are(e))
        {
            error = JsonFaults.Explain(e);
        }
        return new TeiAnswer(model);
    }

    private ApiError? Read(Utf8JsonReader json, EmbeddingRequest into)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return ApiError.Invalid("The body must be a JSON object");
        var asked = new Asked { CutsEnd = options.Truncate };
        if (ReadMembers(ref json, ref asked) is { } error) return error;
        // Nothing may follow the object; the reader says so itself.
        json.Read();
        if (!asked.HasInputs) return ApiError.Invalid("inputs is missing", Inputs);
        var truncation = !asked.CutsEnd ? Truncation.None : asked.CutsBeginning ? Truncation.Left : Truncation.Right;
        return ReadInputs(ref asked.Inputs, new TextIntake(model, into, options.MaxItems, truncation, Inputs));
    }

    private ApiError? ReadMembers(ref Utf8JsonReader json, ref Asked asked)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            ApiError? error = null;
            if (json.ValueTextEquals("inputs"u8))
            {
                json.Read();
                asked.Inputs = json;
                asked.HasInputs = true;
                json.Skip();
            }
            else if (json.ValueTextEquals("truncate"u8))
            {
                error = ReadFlag(ref json, "truncate", ref asked.CutsEnd);
            }
            else if (json.ValueTextEquals("truncation_direction"u8))
            {
                error = ReadDirection(ref json, out asked.CutsBeginning);
            }
            else if (json.ValueTextEquals("normalize"u8))
            {
                var normalises = true;
                error = ReadFlag(ref json, "normalize", ref normalises)
                    ?? (normalises ? null : ApiError.Invalid($"The model '{model.Name}' gives normalised embeddings only", "normalize"));
            }
            else if (json.ValueTextEquals("dimensions"u8))
            {
                error = ReadDimensions(ref json);
            }
            else if (json.ValueTextEquals("prompt_name"u8))
            {
                json.Read();
                if (json.TokenType != JsonTokenType.Null)
                    error = ApiError.Invalid($"The model '{model.Name}' has no prompts", "prompt_name");
            }
            else if (json.ValueTextEquals("parameters"u8))
            {
                error = ReadParameters(ref json, ref asked);
            }
            else
            {
                json.Read();
                json.Skip();
            }
            if (error is not null) return error;
        }
        return null;
    }

    /// <summary>Some clients of the hub write everything but the inputs into an object of its own; there it counts as much.</summary>
    private ApiError? ReadParameters(ref Utf8JsonReader json, ref Asked asked)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return null;
        return json.TokenType == JsonTokenType.StartObject
            ? ReadMembers(ref json, ref asked)
            : ApiError.Invalid("parameters must be an object", "parameters");
    }

    /// <summary>A text or a list of token ids, or a list of these; a list of numbers alone is one text.</summary>
    private static ApiError? ReadInputs(ref Utf8JsonReader json, in TextIntake intake)
    {
        if (json.TokenType == JsonTokenType.String) return intake.AddText(ref json);
        if (json.TokenType != JsonTokenType.StartArray) return WrongInputs();
        json.Read();
        if (json.TokenType == JsonTokenType.EndArray) return new ApiError(ErrorKind.Empty, "inputs must not be empty", Inputs);
        if (json.TokenType == JsonTokenType.Number) return intake.AddTokens(ref json);
        for (; json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            ApiError? error;
            if (json.TokenType == JsonTokenType.String)
            {
                error = intake.AddText(ref json);
            }
            else if (json.TokenType == JsonTokenType.StartArray)
            {
                json.Read();
                error = intake.AddTokens(ref json);
            }
            else
            {
                error = WrongInputs();
            }
            if (error is not null) return error;
        }
        return null;
    }

    private static ApiError? ReadFlag(ref Utf8JsonReader json, string name, ref bool flag)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            return ApiError.Invalid($"{name} must be true or false", name);
        flag = json.GetBoolean();
        return null;
    }

    private static ApiError? ReadDirection(ref Utf8JsonReader json, out bool isLeft)
    {
        json.Read();
        isLeft = false;
        if (json.TokenType == JsonTokenType.Null) return null;
        // Its published description writes the values with a capital, and their default without.
        isLeft = json.TokenType == JsonTokenType.String && (json.ValueTextEquals("Left"u8) || json.ValueTextEquals("left"u8));
        var isKnown = isLeft
            || (json.TokenType == JsonTokenType.String && (json.ValueTextEquals("Right"u8) || json.ValueTextEquals("right"u8)));
        return isKnown ? null : ApiError.Invalid("truncation_direction must be 'Left' or 'Right'", "truncation_direction");
    }

    private ApiError? ReadDimensions(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return null;
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) && number == model.Dimensions
            ? null
            : ApiError.Invalid(
                $"The model '{model.Name}' gives embeddings of {model.Dimensions} dimensions and cannot give others", "dimensions");
    }

    private static ApiError WrongInputs() => ApiError.Invalid("inputs must be a text, a list of token ids, or a list of these", Inputs);

    /// <summary>What a body says.</summary>
    private ref struct Asked
    {
        public bool CutsEnd;
        public bool CutsBeginning;

        /// <summary>Whether texts may be cut can stand after them: their place is noted, and read in the end.</summary>
        public Utf8JsonReader Inputs;

        public bool HasInputs;
    }
}

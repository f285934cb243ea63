using System.Text.Json;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenAi;

/// <summary>
/// Reads the body of POST /v1/embeddings and turns its texts into tokens, without garbage. Members that the API does not know
/// are ignored.
/// </summary>
internal sealed class OpenAiRequestReader(ModelTable<EmbeddingModel> models, ServerOptions options)
{
    private const string Input = "input";

    /// <param name="body">The body.</param>
    /// <param name="into">Receives the tokens.</param>
    /// <param name="error">What is wrong with the request; null when it can be answered.</param>
    public OpenAiAnswer Read(ReadOnlySpan<byte> body, EmbeddingRequest into, out ApiError? error)
    {
        try
        {
            return Read(new Utf8JsonReader(body), into, out error);
        }
        catch (Exception e) when (JsonFaults.Are(e))
        {
            error = JsonFaults.Explain(e);
            return default;
        }
    }

    private OpenAiAnswer Read(Utf8JsonReader json, EmbeddingRequest into, out ApiError? error)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            error = ApiError.Invalid("The body must be a JSON object");
            return default;
        }
        var model = models.Only;
        var isBase64 = false;
        long? dimensions = null;
        // The texts may come before the model whose tokenizer they need: the place is noted, and read in the end.
        Utf8JsonReader input = default;
        var hasInput = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            if (json.ValueTextEquals("model"u8))
            {
                if (!ReadModel(ref json, ref model, out error)) return default;
            }
            else if (json.ValueTextEquals("input"u8))
            {
                json.Read();
                input = json;
                hasInput = true;
                json.Skip();
            }
            else if (json.ValueTextEquals("encoding_format"u8))
            {
                if (!ReadFormat(ref json, out isBase64, out error)) return default;
            }
            else if (json.ValueTextEquals("dimensions"u8))
            {
                if (!ReadDimensions(ref json, out dimensions, out error)) return default;
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
        // Nothing may follow the object; the reader says so itself.
        json.Read();

        error = model is null ? ApiError.Invalid("You must provide a model parameter", "model")
            : !hasInput ? ApiError.Invalid("You must provide an input parameter", Input)
            : dimensions is { } wanted && wanted != model.Dimensions
                ? ApiError.Invalid(
                    $"The model '{model.Name}' gives embeddings of {model.Dimensions} dimensions and cannot give {wanted}",
                    "dimensions")
            // Where several models are served, this is the first moment at which the queue is known: no text is read in vain.
            : model.Queue.IsFull ? ApiError.Overloaded
            : null;
        if (error is not null) return new OpenAiAnswer(model!, isBase64);
        var intake = new TextIntake(model!, into, options.MaxItems, options.Truncate ? Truncation.Right : Truncation.None, Input);
        error = ReadInput(ref input, intake);
        return new OpenAiAnswer(model!, isBase64);
    }

    /// <summary>A string, an array of strings, an array of token ids, or an array of such arrays.</summary>
    private static ApiError? ReadInput(ref Utf8JsonReader json, in TextIntake intake)
    {
        if (json.TokenType == JsonTokenType.String) return intake.AddText(ref json);
        if (json.TokenType != JsonTokenType.StartArray) return WrongInput();
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.EndArray => new ApiError(ErrorKind.Empty, "input must not be empty", Input),
            JsonTokenType.Number => intake.AddTokens(ref json),
            JsonTokenType.String or JsonTokenType.StartArray => ReadItems(ref json, intake),
            _ => WrongInput(),
        };
    }

    private static ApiError? ReadItems(ref Utf8JsonReader json, in TextIntake intake)
    {
        var kind = json.TokenType;
        for (; json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            if (json.TokenType != kind) return WrongInput();
            if (kind == JsonTokenType.StartArray) json.Read();
            var error = kind == JsonTokenType.String ? intake.AddText(ref json) : intake.AddTokens(ref json);
            if (error is not null) return error;
        }
        return null;
    }

    private bool ReadModel(ref Utf8JsonReader json, ref EmbeddingModel? model, out ApiError? error)
    {
        const int LongestName = 256;
        json.Read();
        error = null;
        // The same as no model.
        if (json.TokenType == JsonTokenType.Null) return true;
        if (json.TokenType != JsonTokenType.String)
        {
            error = ApiError.Invalid("model must be a string", "model");
            return false;
        }
        if (json.ValueSpan.Length > LongestName)
        {
            error = ApiError.UnknownModel($"of {json.ValueSpan.Length} bytes");
            return false;
        }
        Span<char> name = stackalloc char[LongestName];
        name = name[..json.CopyString(name)];
        model = models.Find(name);
        if (model is null) error = ApiError.UnknownModel(name.ToString());
        return model is not null;
    }

    private static bool ReadFormat(ref Utf8JsonReader json, out bool isBase64, out ApiError? error)
    {
        json.Read();
        isBase64 = json.TokenType == JsonTokenType.String && json.ValueTextEquals("base64"u8);
        var isKnown = isBase64
            || json.TokenType == JsonTokenType.Null
            || (json.TokenType == JsonTokenType.String && json.ValueTextEquals("float"u8));
        error = isKnown ? null : ApiError.Invalid("encoding_format must be 'float' or 'base64'", "encoding_format");
        return isKnown;
    }

    private static bool ReadDimensions(ref Utf8JsonReader json, out long? dimensions, out ApiError? error)
    {
        json.Read();
        dimensions = null;
        error = null;
        if (json.TokenType == JsonTokenType.Null) return true;
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) && number > 0)
        {
            dimensions = number;
            return true;
        }
        error = ApiError.Invalid("dimensions must be a whole number greater than 0", "dimensions");
        return false;
    }

    private static ApiError WrongInput() =>
        ApiError.Invalid("input must be a string, an array of strings, an array of token ids, or an array of arrays of token ids", Input);
}

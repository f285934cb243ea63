using System.Text.Json;
using ServeBench.OnnxServer.Batching;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Inference;

namespace ServeBench.OnnxServer.Protocols.OpenAi;

/// <summary>
/// Reads the body of POST /v1/embeddings and turns its texts into tokens, in one pass over the bytes and without garbage.
/// Members that the API does not know are ignored.
/// </summary>
internal sealed class EmbeddingsRequestReader(ModelTable models, ServerOptions options)
{
    /// <param name="body">The body.</param>
    /// <param name="into">Receives the tokens.</param>
    /// <param name="error">What is wrong with the request; null when it can be answered.</param>
    public EmbeddingsRequest Read(ReadOnlySpan<byte> body, InferenceRequest into, out OpenAiError? error)
    {
        try
        {
            return Read(new Utf8JsonReader(body), into, out error);
        }
        catch (JsonException e)
        {
            error = OpenAiError.Invalid($"The body is not valid JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader throws for text that is not Unicode: invalid UTF-8, half of a surrogate pair.
            error = OpenAiError.Invalid("The body holds text that is not valid Unicode");
        }
        return default;
    }

    private EmbeddingsRequest Read(Utf8JsonReader json, InferenceRequest into, out OpenAiError? error)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            error = OpenAiError.Invalid("The body must be a JSON object");
            return default;
        }
        ServedModel? model = null;
        var isBase64 = false;
        long? dimensions = null;
        // The texts may stand before the model whose tokenizer they need: the place is noted, and read in the end.
        Utf8JsonReader input = default;
        var hasInput = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            if (json.ValueTextEquals("model"u8))
            {
                if (!ReadModel(ref json, out model, out error)) return default;
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

        error = model is null ? OpenAiError.Invalid("You must provide a model parameter", "model")
            : !hasInput ? OpenAiError.Invalid("You must provide an input parameter", "input")
            : dimensions is { } wanted && wanted != model.Manifest.Dimensions
                ? OpenAiError.Invalid($"The model '{model.Name}' gives embeddings of {model.Manifest.Dimensions} dimensions and cannot give {wanted}", "dimensions")
            : null;
        if (error is not null) return default;
        error = new InputReader(model!, options, into).Read(ref input);
        return new EmbeddingsRequest(model!, isBase64);
    }

    private bool ReadModel(ref Utf8JsonReader json, out ServedModel? model, out OpenAiError? error)
    {
        const int LongestName = 256;
        model = null;
        error = null;
        json.Read();
        if (json.TokenType != JsonTokenType.String)
        {
            error = OpenAiError.Invalid("model must be a string", "model");
            return false;
        }
        if (json.ValueSpan.Length > LongestName)
        {
            error = OpenAiError.UnknownModel("...");
            return false;
        }
        Span<char> name = stackalloc char[LongestName];
        name = name[..json.CopyString(name)];
        model = models.Find(name);
        if (model is null) error = OpenAiError.UnknownModel(name.ToString());
        return model is not null;
    }

    private static bool ReadFormat(ref Utf8JsonReader json, out bool isBase64, out OpenAiError? error)
    {
        json.Read();
        isBase64 = json.TokenType == JsonTokenType.String && json.ValueTextEquals("base64"u8);
        var isKnown = isBase64 || json.TokenType == JsonTokenType.Null || (json.TokenType == JsonTokenType.String && json.ValueTextEquals("float"u8));
        error = isKnown ? null : OpenAiError.Invalid("encoding_format must be 'float' or 'base64'", "encoding_format");
        return isKnown;
    }

    private static bool ReadDimensions(ref Utf8JsonReader json, out long? dimensions, out OpenAiError? error)
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
        error = OpenAiError.Invalid("dimensions must be a whole number greater than 0", "dimensions");
        return false;
    }
}

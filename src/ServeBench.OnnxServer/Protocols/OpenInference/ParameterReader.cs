using System.Text.Json;
using ServeBench.OnnxServer.Configuration;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>
/// Reads the <c>parameters</c> of a request, an input or an output. Those that change nothing here are passed over; any other
/// is refused, since an answer that left it out would be another answer than the one asked for.
/// </summary>
internal static class ParameterReader
{
    /// <summary>Microseconds that a client gives its request.</summary>
    public const string Timeout = "timeout";

    /// <summary>What a number of microseconds is; null where it is none. Longer times than the server's longest are that one.</summary>
    public static TimeSpan? TimeoutOf(long? microseconds) => microseconds > 0
        ? TimeSpan.FromMicroseconds(Math.Min((double)microseconds, ServerOptions.LongestTimeout.TotalMicroseconds))
        : null;

    /// <summary>
    /// Order among requests, sequences of stateful models, empty last answers of streams, and the type that MLServer's clients
    /// state once more: nothing of it changes what a model without state answers.
    /// </summary>
    private static readonly string[] Harmless =
        ["priority", "sequence_id", "sequence_start", "sequence_end", "triton_enable_empty_final_response", "content_type", "headers"];

    private static readonly string[] SharedMemory = ["shared_memory_region", "shared_memory_offset", "shared_memory_byte_size"];

    /// <param name="flag">The parameter that is true or false here; empty for none.</param>
    /// <param name="number">The parameter that is a whole number here; empty for none.</param>
    /// <param name="flagValue">Null when it is not given.</param>
    /// <param name="numberValue">Null when it is not given.</param>
    public static ApiError? Read(ref Utf8JsonReader json, string flag, string number, out bool? flagValue, out long? numberValue)
    {
        flagValue = null;
        numberValue = null;
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.StartObject) return ApiError.Invalid("parameters must be an object", "parameters");
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var isFlag = flag.Length > 0 && json.ValueTextEquals(flag);
            var isNumber = number.Length > 0 && json.ValueTextEquals(number);
            var name = isFlag || isNumber ? "" : json.GetString()!;
            json.Read();
            if (json.TokenType == JsonTokenType.Null) continue;
            if (isFlag && json.TokenType is JsonTokenType.True or JsonTokenType.False) flagValue = json.GetBoolean();
            else if (isNumber && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) && value >= 0)
                numberValue = value;
            else if (isFlag || isNumber)
                return ApiError.Invalid(
                    isFlag
                        ? $"the parameter '{flag}' must be true or false"
                        : $"the parameter '{number}' must be a whole number of 0 or more",
                    "parameters");
            else if (Check(name, flag, number) is { } error) return error;
            else json.Skip();
        }
        return null;
    }

    /// <summary>What is wrong with a parameter that is none of those that count here; null where it changes nothing.</summary>
    public static ApiError? Check(string name, string flag, string number)
    {
        if (Harmless.Contains(name)) return null;
        if (name == "classification")
            return ApiError.Invalid(
                "the parameter 'classification' is not supported: leave it out and choose the classes from the output",
                "parameters");
        if (SharedMemory.Contains(name))
            return ApiError.Invalid($"the parameter '{name}' is not supported: send tensors in the body", "parameters");
        string[] known = [.. new[] { flag, number }.Where(k => k.Length > 0), .. Harmless];
        return ApiError.Invalid(
            $"the parameter '{name}' is not known; leave it out, or use one of {string.Join(", ", known)}",
            "parameters");
    }
}

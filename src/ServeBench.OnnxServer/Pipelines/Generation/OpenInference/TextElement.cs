using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;

namespace ServeBench.OnnxServer.Pipelines.Generation.OpenInference;

/// <summary>Takes the element of a tensor as a text.</summary>
/// <param name="input">The tensor's name.</param>
/// <param name="into">Receives the text under it.</param>
internal readonly struct TextElement(string input, Dictionary<string, string> into) : IBytesIntake
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public ApiError? Take(ref Utf8JsonReader json)
    {
        into[input] = json.GetString()!;
        return null;
    }

    public ApiError? Take(ReadOnlySpan<byte> element)
    {
        try
        {
            into[input] = Strict.GetString(element);
            return null;
        }
        catch (DecoderFallbackException)
        {
            return new ApiError(ErrorKind.Unreadable, "A text is not valid UTF-8", input);
        }
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>Takes the elements of a tensor as texts.</summary>
internal readonly struct TextElements(TextIntake intake) : IBytesIntake
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public ApiError? Take(ref Utf8JsonReader json) => intake.AddText(ref json);

    public ApiError? Take(ReadOnlySpan<byte> element)
    {
        var characters = ArrayPool<char>.Shared.Rent(element.Length);
        try
        {
            return intake.AddText(characters.AsSpan(0, Strict.GetChars(element, characters)));
        }
        catch (DecoderFallbackException)
        {
            return new ApiError(ErrorKind.Unreadable, "A text is not valid UTF-8", EmbeddingTensors.Text);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }
}

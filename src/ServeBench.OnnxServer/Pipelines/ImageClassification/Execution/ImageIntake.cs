using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Resizing;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>Turns the image files of a request into what a model takes, and holds them to the limits.</summary>
/// <param name="model">The model.</param>
/// <param name="into">Receives the images.</param>
/// <param name="maximumItems">The most images in a request.</param>
/// <param name="parameter">What the protocol calls the images, for errors.</param>
internal readonly struct ImageIntake(ClassificationModel model, ClassificationRequest into, int maximumItems, string parameter)
{
    /// <summary>Adds the file that a JSON reader stands at, in base64.</summary>
    /// <returns>What is wrong; null when all is well.</returns>
    public ApiError? AddBase64(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped) return AddBase64(json.ValueSpan);
        // Some writers escape every slash.
        var text = ArrayPool<byte>.Shared.Rent(json.ValueSpan.Length);
        try
        {
            return AddBase64(text.AsSpan(0, json.CopyString(text)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    /// <inheritdoc cref="AddBase64(ref Utf8JsonReader)"/>
    public ApiError? AddFile(ReadOnlySpan<byte> file)
    {
        if (into.Count == maximumItems) return ApiError.TooMany(maximumItems, parameter);
        var reader = model.Readers.Get();
        try
        {
            return Add(reader, file);
        }
        catch (DecodersBusyException)
        {
            return ApiError.Overloaded;
        }
        catch (UnreadableImageException e)
        {
            return ApiError.Invalid($"The image{(into.Count == 0 ? "" : $" {parameter}[{into.Count}]")} {e.Message}", parameter);
        }
        finally
        {
            model.Readers.Return(reader);
        }
    }

    /// <summary>Takes room for the next image, before its memory is taken.</summary>
    /// <returns>Why it cannot have it; null when it has.</returns>
    public ApiError? Reserve(long bytes) => into.Reserve(bytes, model.Room);

    /// <summary>Adds an image that is prepared already, or that the graph prepares, and for which room was taken.</summary>
    public void Add(in PreparedImage image) => into.Add(image);

    private ApiError? Add(ImageReader reader, ReadOnlySpan<byte> file)
    {
        var input = model.Own.Input;
        // What the file says of its size is all that is read of it before there is room for it.
        var size = reader.Measure(file);
        if (Reserve(input.PreparesInside ? WholeImage.BytesOf(size) : ResizedCentre.BytesOf(input)) is { } full) return full;
        Add(
            input.PreparesInside
                ? new PreparedImage(ImageForm.Whole, reader.ReadWhole(file), null, size.Width, size.Height)
                : new PreparedImage(ImageForm.Planes, reader.ReadCentre(file, input), null));
        return null;
    }

    private ApiError? AddBase64(ReadOnlySpan<byte> text)
    {
        // A data URL says before a comma what follows.
        if (text.StartsWith("data:"u8)) text = text[(text.IndexOf((byte)',') + 1)..];
        var file = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(text.Length));
        try
        {
            return Base64.DecodeFromUtf8(text, file, out _, out var length) == OperationStatus.Done
                ? AddFile(file.AsSpan(0, length))
                : ApiError.Invalid($"{parameter} must be images in base64 (RFC 4648, 4), padded", parameter);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(file);
        }
    }
}

/// <summary>Image readers that wait for their next image: as many as there are processors are kept.</summary>
internal sealed class ImageReaderPool(int maximumPixels)
{
    private readonly ConcurrentQueue<ImageReader> _free = [];

    public ImageReader Get() => _free.TryDequeue(out var reader) ? reader : new ImageReader(maximumPixels);

    public void Return(ImageReader reader)
    {
        if (_free.Count < Environment.ProcessorCount) _free.Enqueue(reader);
    }
}

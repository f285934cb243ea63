using ServeBench.Models.Store;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Resizing;

namespace ServeBench.OnnxServer.Tests.Images.Compared;

/// <summary>The server's own code.</summary>
internal sealed class OwnPreparation : IPreparation
{
    private readonly ImageReader _reader = new(1 << 25);

    public string Title => "ours";

    public string? Library => null;

    public void Prepare(byte[] file, ManifestImageInput input, byte[] planes)
    {
        var rented = _reader.ReadCentre(file, input);
        rented.AsSpan(0, planes.Length).CopyTo(planes);
        System.Buffers.ArrayPool<byte>.Shared.Return(rented);
    }

    public void Dispose()
    {
    }
}

/// <summary>All pixels by libturbojpeg, scaled and cut by our code: what a thin binding in place of our decoder would be.</summary>
internal sealed class TurboPreparation : IPreparation
{
    private readonly ImageReader _reader = new(1 << 25);
    private readonly ResizedCentre _centre = new();
    private readonly nint _handle = LibTurboJpeg.Begin();
    private uint[] _pixels = [];

    public string Title => "libturbojpeg, scaled by ours";

    public string Library => "libturbojpeg.so.0";

    public void Prepare(byte[] file, ManifestImageInput input, byte[] planes)
    {
        var size = _reader.Measure(file);
        if (_pixels.Length < size.Pixels) _pixels = new uint[size.Pixels];
        LibTurboJpeg.Decode(_handle, file, _pixels, size.Width, size.Height);
        _centre.Begin(size, input, planes);
        var wanted = _centre.Wanted;
        for (var y = wanted.Top; y < wanted.Bottom; y++)
        {
            _pixels.AsSpan((y * size.Width) + wanted.Left, wanted.Width).CopyTo(_centre.Room);
            _centre.Commit(y);
        }
    }

    public void Dispose() => Assert.Equal(0, LibTurboJpeg.End(_handle));
}
